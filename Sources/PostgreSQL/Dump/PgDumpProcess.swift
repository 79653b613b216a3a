import Backups
import Glibc
import Processes

/// One run of pg_dump in a snapshot that is held for it.
struct PgDumpProcess {
    let request: DumpRequest
    let snapshot: String
    let output: DumpOutput
    /// Of our process.
    let environment: [String: String]

    func run(cancellation: Cancellation) throws {
        let secret = try password.map { try SecretInput("*:*:*:*:\(Self.passfileField($0))\n") }
        var variables = CleanEnvironment.variables(home: environment["HOME"] ?? "/nonexistent")
        for (name, value) in environment where name.hasPrefix("PG") && name != "PGPASSWORD" { variables[name] = value }
        if secret != nil { variables["PGPASSFILE"] = SecretInput.path }
        let command = Command(
            request.pgDump, arguments(hasSecret: secret != nil), environment: variables, parentDeathSignal: .terminate)
        let result = try withExtendedLifetime(secret) {
            try run(command, input: secret.map { .descriptor($0.descriptor) } ?? .none, cancellation)
        }
        guard result.isSuccess else { throw Self.obstacle(result, request) }
    }

    private func run(_ command: Command, input: ChildStream, _ cancellation: Cancellation) throws -> ProcessResult {
        guard case .stream(let take) = output else {
            return try ChildProcess.run(command, input: input, cancellation: cancellation)
        }
        let (written, error) = (try Pipe(), try Pipe())
        let child = try ChildProcess.start(
            command, input: input, output: .handedOver(written.takeWriteEnd()),
            error: .handedOver(error.takeWriteEnd()))
        let token = cancellation.onCancel { child.signal(SIGKILL) }
        defer { cancellation.removeHandler(token) }
        let said = SignalledOnce<[UInt8]>()
        DetachedThread.start(named: "pg_dump stderr") { said.set(error.readTail(limit: 1 << 20)) }
        var refusal: (any Error)?
        written.readAll { bytes in
            guard refusal == nil else { return }
            do {
                try take(bytes)
            } catch {
                refusal = error
                child.signal(SIGKILL)
            }
        }
        let end = child.wait()
        try cancellation.check()
        if let refusal { throw refusal }
        return ProcessResult(end: end, output: [], error: said.wait(for: .seconds(2)) ?? [], isOutputCut: false)
    }

    private var password: String? { request.source.values["password"] ?? environment["PGPASSWORD"] }

    func arguments(hasSecret: Bool) -> [String] {
        let conninfo = request.source.values
            .filter { !ConnectionParameters.secretKeywords.contains($0.key) && !(hasSecret && $0.key == "passfile") }
            .sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.conninfoValue($0.value))" }.joined(separator: " ")
        var arguments = [
            "--dbname=\(conninfo)", "--no-password", "--snapshot=\(snapshot)", "--no-sync",
        ]
        if case .path(let path) = output { arguments.append("--file=\(path)") }
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
        let said = (lines.first { $0.contains("error:") } ?? lines.last).map { ": \($0)" } ?? ""
        let message = "pg_dump ended with \(result.end)\(said)"
        let known = troubles.first { trouble in trouble.texts.contains { text.contains($0) } }
        let killed = (
            Reason.serverFailed,
            "Something ended pg_dump: look for the out-of-memory killer in the kernel's log (dmesg)."
        )
        let other = (
            Reason.serverFailed, "Run pg_dump by hand as the same user, and mend what it says first."
        )
        let (reason, hint) = known.map { ($0.reason, $0.hint) } ?? (result.end == .signalled(SIGKILL) ? killed : other)
        return Obstacle(reason, message, hint: hint, cause: PgDumpFailure(text: text))
    }

    private typealias Trouble = (texts: [String], reason: Reason, hint: String)

    /// What pg_dump says, in English, of what is no fault of its own; the first that is found counts.
    private static let troubles: [Trouble] = [
        (
            ["No space left on device", "Disk quota exceeded"], .diskFull, "Free space, or choose another directory."
        ),
        (["server version mismatch"], .toolsTooOld, "Install a pg_dump at least as new as the server."),
        (["permission denied for"], .permissionDenied, "GRANT pg_read_all_data TO the role, or dump as the owner."),
        (
            ["row-level security"], .hiddenRows, "Dump as the owner of the table or as a role with BYPASSRLS."
        ),
        (
            ["due to lock timeout"], .lockTimeout,
            "Dump when no ALTER, TRUNCATE or VACUUM FULL runs, or see in pg_locks who holds the lock for so long."
        ),
        (
            ["password authentication failed", "no password supplied"], .authenticationFailed,
            "Give the password in a passfile (~/.pgpass, or passfile=… in the connection string), and check pg_hba.conf."
        ),
        (
            ["server closed the connection", "terminating connection", "connection to server"], .connectionFailed,
            "The server, or something between, ended the connection: see the server's log, and dump again."
        ),
        (["out of memory"], .outOfMemory, "Give the machine more memory, or dump with fewer --jobs."),
    ]
}

/// What pg_dump wrote on standard error.
struct PgDumpFailure: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
}
