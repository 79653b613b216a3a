import Backups
import Glibc
import Processes

/// Runs rclone. Its own configuration (`RCLONE_CONFIG`, `RCLONE_…`) says how a remote is reached, and holds the
/// secrets: none of them is ever handed to it here.
struct RcloneProgram: Sendable {
    /// "Exit code" in the documentation of rclone.
    enum Status {
        static let directoryNotFound: Int32 = 3
        static let fileNotFound: Int32 = 4
    }

    let path: String
    let environment: [String: String]

    /// - Throws: ``Obstacle`` `tool-missing` when it is in no directory of `PATH`.
    init(_ environment: [String: String]) throws {
        let directories = (environment["PATH"] ?? CleanEnvironment.path).split(separator: ":")
        let places: [String] = directories.map { "\($0)/rclone" }
        guard let path = places.first(where: { access($0, X_OK) == 0 }) else {
            throw Obstacle(
                .toolMissing, "rclone is not installed on this machine",
                hint: "Install it from https://rclone.org/install, and see that it is in PATH.")
        }
        self.path = AbsolutePath.of(path)
        // Nothing of libpq's, which may hold a password.
        self.environment = environment.filter { !$0.key.hasPrefix("PG") }
    }

    /// - Parameter paths: of remotes; nothing in them is taken for an option.
    func command(_ arguments: [String], _ paths: [String]) -> Command {
        Command(
            path, arguments + ["--log-level", "ERROR", "--"] + paths, environment: environment,
            workingDirectory: AbsolutePath.of("."), parentDeathSignal: .kill)
    }

    /// Runs it to its end.
    func run(_ arguments: [String], _ paths: [String], cancellation: Cancellation?) throws -> ProcessResult {
        try ChildProcess.run(command(arguments, paths), cancellation: cancellation)
    }

    /// What its end means for `subject`.
    func obstacle(_ end: ProcessEnd, _ said: String, _ subject: String) -> Obstacle {
        let line = said.split(whereSeparator: \.isNewline).last.map { Self.withoutStamp($0) } ?? "it ended with \(end)"
        switch end {
        case .exited(Status.directoryNotFound), .exited(Status.fileNotFound):
            return Obstacle(.unreadable, "\(subject) is not there: rclone says: \(line)", hint: "Check the path.")
        default:
            let isUnknown = said.contains("didn't find section in config file")
            return Obstacle(
                isUnknown ? .unreadable : .connectionFailed, "\(subject) can't be reached: rclone says: \(line)",
                hint: isUnknown
                    ? "Look at the names that rclone listremotes prints, and at RCLONE_CONFIG."
                    : "Run it by hand: rclone lsl \(subject.dropFirst("rclone:".count))")
        }
    }

    /// `2026/11/21 18:02:19 ERROR : text`.
    private static func withoutStamp(_ line: Substring) -> String {
        let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true)
        let isStamped = parts.count == 3 && parts[0].filter { $0 == "/" }.count == 2 && parts[1].contains(":")
        return withoutSecrets((isStamped ? parts[2] : line).prefix(300))
    }

    /// What it says of a request that failed holds its address, and that may hold a signature (Azure's SAS, signed links) or a password.
    private static func withoutSecrets(_ text: Substring) -> String {
        String(text.replacing(/\?[^\s"'>]+/, with: "?…").replacing(/:\/\/[^\s\/@"']+@/, with: "://…@"))
    }
}
