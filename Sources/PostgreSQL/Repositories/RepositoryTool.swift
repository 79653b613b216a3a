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

    let tool: RepositoryAddress.Tool
    let path: String
    let environment: [String: String]

    /// - Throws: ``Obstacle`` `tool-missing` when it is in no directory of `PATH`.
    init(_ tool: RepositoryAddress.Tool, variables: [String: String] = Self.ownVariables) throws {
        let directories = (variables["PATH"] ?? CleanEnvironment.path).split(separator: ":")
        let places = directories.map { "\($0)/\(tool.rawValue)" }
        guard let path = places.first(where: { access($0, X_OK) == 0 }) else {
            throw Obstacle(
                .toolMissing, "\(tool.title) is not installed on this machine",
                hint: "apt-get install \(tool.rawValue), and see that it is in PATH")
        }
        self.tool = tool
        self.path = AbsolutePath.of(path)
        let passed = variables.filter { name, _ in
            Self.passed.contains(name) || Self.passedPrefixes.contains { name.hasPrefix($0) }
        }
        // Barman asks production how it is before it answers: where that is gone, this must end before our patience does.
        environment = CleanEnvironment.variables(passed.merging(["PGCONNECT_TIMEOUT": "10"]) { own, _ in own })
    }

    /// Runs it to its end. It ends with us, however we end.
    /// - Parameters:
    ///   - limit: bytes of its output that are kept.
    ///   - patience: ends it after this time; `nil` for never.
    func run(
        _ arguments: [String], limit: Int = 16 << 20, patience: Duration? = Self.patience, _ cancellation: Cancellation
    ) throws -> ProcessResult {
        let ending = Cancellation()
        let token = cancellation.onCancel {
            ending.cancel(cancellation.obstacle ?? Obstacle(.interrupted, "\(tool.title) was ended"))
        }
        defer { cancellation.removeHandler(token) }
        let text = Quantity.duration(seconds: patience?.totalSeconds ?? 0)
        let deadline = Deadline(
            patience, ending,
            Obstacle(
                .deadlineExceeded, "\(tool.title) did not answer within \(text)",
                hint: "Run it by hand: \(tool.rawValue) \(arguments.last ?? ""). Does its store answer?"))
        defer { deadline.stop() }
        let command = Command(path, arguments, environment: environment, parentDeathSignal: .kill)
        let result = try ChildProcess.run(command, limit: limit, cancellation: ending)
        guard !result.isOutputCut else {
            throw Obstacle(
                .outputTooLarge, "\(tool.title) says more than the \(Quantity.bytes(UInt64(limit))) that are read")
        }
        return result
    }

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
