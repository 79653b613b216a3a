import Backups
import Glibc
import Processes

/// One run of pg_dump in a snapshot that is held for it.
struct PgDumpProcess {
    let request: DumpRequest
    let snapshot: String
    /// A file or directory that is not there yet.
    let output: String
    /// Of our process.
    let environment: [String: String]

    /// Connection parameters that are secrets: never in argv, nor in an environment.
    private static let secrets: Set<String> = ["password", "sslpassword", "oauth_client_secret"]

    func run(cancellation: Cancellation) throws {
        let secret = try password.map { try SecretInput("*:*:*:*:\(Self.passfileField($0))\n") }
        var variables = CleanEnvironment.variables(home: environment["HOME"] ?? "/nonexistent")
        for (name, value) in environment where name.hasPrefix("PG") && name != "PGPASSWORD" { variables[name] = value }
        if secret != nil { variables["PGPASSFILE"] = SecretInput.path }
        let command = Command(
            request.pgDump, arguments(hasSecret: secret != nil), environment: variables, parentDeathSignal: .terminate)
        let result = try withExtendedLifetime(secret) {
            try ChildProcess.run(
                command, input: secret.map { .descriptor($0.descriptor) } ?? .none, cancellation: cancellation)
        }
        guard result.isSuccess else { throw Self.obstacle(result, request) }
    }

    private var password: String? { request.source.values["password"] ?? environment["PGPASSWORD"] }

    func arguments(hasSecret: Bool) -> [String] {
        let conninfo = request.source.values
            .filter { !Self.secrets.contains($0.key) && !(hasSecret && $0.key == "passfile") }
            .sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.conninfoValue($0.value))" }.joined(separator: " ")
        var arguments = [
            "--dbname=\(conninfo)", "--no-password", "--snapshot=\(snapshot)", "--file=\(output)", "--no-sync",
        ]
        arguments.append("--lock-wait-timeout=\(request.limits.lock.components.seconds * 1000)")
        switch request.format {
        case .plain: arguments += ["--format=plain", "--compress=\(request.compression ?? 6)"]
        case .custom: arguments += ["--format=custom"]
        case .directory: arguments += ["--format=directory", "--jobs=\(request.jobs)"]
        }
        if request.format != .plain, let compression = request.compression {
            arguments.append("--compress=\(compression)")
        }
        return arguments
    }

    /// "34.1.1.1. Keyword/Value Connection Strings".
    static func conninfoValue(_ value: String) -> String {
        "'" + value.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined() + "'"
    }

    /// "34.16. The Password File".
    static func passfileField(_ value: String) -> String {
        value.map { $0 == ":" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined()
    }

    private static func obstacle(_ result: ProcessResult, _ request: DumpRequest) -> Obstacle {
        let text = request.source.redacted(result.errorText)
        let lines = text.split(separator: "\n").map(String.init)
        let first = lines.first { $0.contains("error:") } ?? lines.last ?? "\(result.end)"
        let message = "pg_dump ended with \(result.end): \(first)"
        let cause = PgDumpFailure(text: text)
        if text.contains("No space left on device") || text.contains("Disk quota exceeded") {
            return Obstacle(.diskFull, message, hint: "Free space, or choose another directory.", cause: cause)
        }
        if text.contains("server version mismatch") {
            return Obstacle(
                .toolsTooOld, message, hint: "Install a pg_dump at least as new as the server.", cause: cause)
        }
        if text.contains("permission denied for") {
            return Obstacle(
                .permissionDenied, message, hint: "GRANT pg_read_all_data TO the role, or dump as the owner.",
                cause: cause)
        }
        if text.contains("row-level security") {
            return Obstacle(
                .hiddenRows, message, hint: "Dump as the owner of the table or as a role with BYPASSRLS.", cause: cause)
        }
        return Obstacle(
            .serverFailed, message, hint: "Run pg_dump by hand as the same user, and mend what it says first.",
            cause: cause)
    }
}

/// What pg_dump wrote on standard error.
struct PgDumpFailure: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
}
