import Backups
import Glibc
import Processes

/// Runs the program of a backup tool. Its own configuration says where the repository lies, and holds the secrets: none of them
/// is ever handed to it here, or stands in arguments.
struct RepositoryTool: Sendable {
    /// What it gets of our environment: where it finds its configuration, its keys and its way through a proxy. Nothing of libpq's,
    /// which may be of another server.
    private static let passed: Set<String> = [
        "PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "SSL_CERT_DIR", "https_proxy",
        "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY",
    ]
    private static let passedPrefixes = ["PGBACKREST_", "BARMAN_", "AWS_", "AZURE_", "GOOGLE_"]
    /// How long a listing may take.
    static let listingPatience = Duration.seconds(1800)
    /// How long a question may take that moves no data. What restores has the deadline of scratch.
    static let patience = Duration.seconds(100)

    /// As its makers write it.
    let title: String
    private(set) var path: String
    let environment: [String: String]

    /// - Parameters:
    ///   - title: as its makers write it.
    ///   - package: of Debian, which brings the program.
    /// - Throws: ``Obstacle`` `tool-missing` when it is in no directory of `PATH`.
    init(
        _ program: String, of title: String, package: String, variables: [String: String] = Self.ownVariables
    ) throws {
        guard let path = Self.find(program, variables) else {
            throw Obstacle(
                .toolMissing, "\(title) is not installed on this machine",
                hint: "apt-get install \(package), and see that it is in PATH")
        }
        self.title = title
        self.path = path
        let passed = variables.filter { name, _ in
            Self.passed.contains(name) || Self.passedPrefixes.contains { name.hasPrefix($0) }
        }
        // Barman asks production how it is before it answers: where that is gone, this must end before our patience does.
        environment = CleanEnvironment.variables(passed.merging(["PGCONNECT_TIMEOUT": "10"]) { own, _ in own })
    }

    /// A program that is not known here.
    /// - Parameter names: of more variables that it gets; a `*` at the end of one stands for the rest of many.
    init(
        configured program: String, of title: String, passing names: [String],
        variables: [String: String] = Self.ownVariables
    ) throws {
        guard let path = program.hasPrefix("/") ? program : Self.find(program, variables) else {
            throw Obstacle(
                .toolMissing, "\(program), a command of \(title), is not on this machine",
                hint: "Name it with its path, or see that it is in PATH.")
        }
        self.title = title
        self.path = path
        environment = CleanEnvironment.variables(
            variables.filter { name, _ in
                Self.passed.contains(name)
                    || names.contains { $0.last == "*" ? name.hasPrefix($0.dropLast()) : name == $0 }
            })
    }

    private static func find(_ program: String, _ variables: [String: String]) -> String? {
        let directories = (variables["PATH"] ?? CleanEnvironment.path).split(separator: ":")
        return directories.map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }.map(AbsolutePath.of)
    }

    /// What it gets of our environment, by its name.
    static func variable(_ name: String) -> String? { ownVariables[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// Runs it to its end, with all that it starts. It ends with us, however we end.
    /// - Parameters:
    ///   - limit: bytes of its output that are kept.
    ///   - isWhole: more output is an obstacle; otherwise it is passed over.
    ///   - patience: ends it after this time; `nil` for never.
    func run(
        _ arguments: [String], limit: Int = 16 << 20, isWhole: Bool = true, patience: Duration? = Self.patience,
        _ cancellation: Cancellation
    ) throws -> ProcessResult {
        let ending = Cancellation()
        let token = cancellation.onCancel {
            ending.cancel(cancellation.obstacle ?? Obstacle(.interrupted, "\(title) was ended"))
        }
        defer { cancellation.removeHandler(token) }
        let text = Quantity.duration(seconds: patience?.totalSeconds ?? 0)
        let deadline = Deadline(
            patience, ending,
            Obstacle(
                .deadlineExceeded, "\(title) did not answer within \(text)",
                hint: "Run it by hand: \(name) \(arguments.last ?? ""). Does its store answer?"))
        defer { deadline.stop() }
        let command = Command(path, arguments, environment: environment)
        let result = try ChildProcess.runGroup(command, limit: limit, cancellation: ending)
        guard !isWhole || !result.isOutputCut else {
            throw Obstacle(
                .outputTooLarge, "\(title) says more than the \(Quantity.bytes(UInt64(limit))) that are read")
        }
        return result
    }

    private var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    private static let ownVariables: [String: String] = {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return variables
    }()
}
