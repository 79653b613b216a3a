import Backups
import FoundationEssentials
import Glibc
import Processes

/// A cluster as `initdb` makes it, made once and copied for each run.
struct ScratchTemplate: Sendable {
    /// Part of the key: changes with what ``initdbArguments(major:)`` or the layout here means.
    private static let layout = 1

    let root: ScratchRoot
    let installation: Installation
    let user: ProcessUser?

    /// Names version, build and options, so that an upgraded package gets a template of its own.
    private func key() throws -> String {
        let program = try installation.program("postgres")
        var status = stat()
        guard stat(program, &status) == 0 else { throw DirectoryTree.obstacle("read", program) }
        let bin = installation.bin.utf8.reduce(into: UInt64(14_695_981_039_346_656_037)) { hash, byte in
            // FNV-1a, 64 bits: the same in every process, as Swift's own hash is not.
            hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211
        }
        let build = "\(status.st_size)-\(status.st_mtim.tv_sec)-\(String(bin, radix: 16))"
        return "\(installation.major)-\(build)-\(user.map { "\($0.identifier)" } ?? "self")-v\(Self.layout)"
    }

    /// The superuser of scratch. Not `postgres`, which is just one of the roles that a dump may bring.
    static let superuser = "restorable_scratch"

    /// Makes the template unless it is there.
    /// - Returns: the directory of the cluster and what a whole copy of it holds.
    func ensure(cancellation: Cancellation) throws -> (path: String, size: TreeSize) {
        let key = try key()
        let path = "\(root.templates)/\(key)"
        if let size = completeSize(of: path) { return (path + "/data", size) }
        let lock = try FileLock.wait("\(path).lock")
        defer { withExtendedLifetime(lock) {} }
        // Another process may have made it while we waited.
        if let size = completeSize(of: path) { return (path + "/data", size) }
        try DirectoryTree.remove(key, in: root.templates)
        let size = try make(at: path, cancellation: cancellation)
        return (path + "/data", size)
    }

    /// Removes a template that turned out damaged, so that the next ``ensure(cancellation:)`` makes it again.
    func discard() throws {
        let key = try key()
        let lock = try FileLock.wait("\(root.templates)/\(key).lock")
        defer { withExtendedLifetime(lock) {} }
        try DirectoryTree.remove(key, in: root.templates)
    }

    private func completeSize(of path: String) -> TreeSize? {
        guard let text = ProcFile.text("\(path)/complete.json") else { return nil }
        return try? JSONDecoder().decode(TreeSize.self, from: Data(text.utf8))
    }

    /// Makes it under another name; the rename at the end is what makes it exist.
    private func make(at path: String, cancellation: Cancellation) throws -> TreeSize {
        let name = ".new-\(ScratchRoot.makeName())"
        let temporary = "\(root.templates)/\(name)"
        guard mkdir(temporary, 0o711) == 0 else { throw DirectoryTree.obstacle("made", temporary) }
        chmod(temporary, 0o711)
        do {
            let data = "\(temporary)/data"
            guard mkdir(data, 0o700) == 0 else { throw DirectoryTree.obstacle("made", data) }
            try DirectoryTree.give(data, to: user)
            try initialise(data, cancellation: cancellation)
            // From here on it is ours: code that runs in a scratch server must not be able to change the next one.
            if user != nil { try DirectoryTree.giveAll(data, user: geteuid(), group: getegid()) }
            let size = DirectoryTree.size(data)
            try write(size, to: "\(temporary)/complete.json")
            guard rename(temporary, path) == 0 else { throw DirectoryTree.obstacle("made", path) }
            return size
        } catch {
            // The first error counts; what is left is removed by the next collection.
            try? DirectoryTree.remove(name, in: root.templates)
            throw error
        }
    }

    private func initialise(_ data: String, cancellation: Cancellation) throws {
        let arguments = Self.initdbArguments(major: installation.major) + ["-D", data]
        let command = Command(
            try installation.program("initdb"), arguments, workingDirectory: "/", user: user, parentDeathSignal: .kill)
        var result = try ChildProcess.run(command, cancellation: cancellation)
        if !result.isSuccess, result.errorText.contains("invalid locale") || result.errorText.contains("locale name") {
            // Systems without C.UTF-8: letters outside ASCII have no upper and lower case then.
            var plain = command
            plain.arguments = arguments.map { $0 == "--lc-ctype=C.UTF-8" ? "--lc-ctype=C" : $0 }
            result = try ChildProcess.run(plain, cancellation: cancellation)
        }
        guard result.isSuccess else { throw failure(result) }
    }

    private func failure(_ result: ProcessResult) -> Obstacle {
        let text = result.errorText.trimmed
        if text.contains("Permission denied") {
            let who = user.map { "the user \($0.name)" } ?? "we"
            return Obstacle(
                .permissionDenied, "initdb of \(installation) could not work in \(root.path): \(text)",
                hint: "\(who) must be able to pass every directory above it and above \(installation.bin)")
        }
        let reason: Reason = text.contains("No space left") ? .diskFull : .serverFailed
        return Obstacle(reason, "initdb of \(installation) ended with \(result.end): \(text)")
    }

    /// Collation C sorts by bytes, which is fast and the same everywhere; character classes are those of UTF-8.
    /// Databases of a dump bring their own locales where the dump says so.
    static func initdbArguments(major: Int) -> [String] {
        var arguments = [
            "--username=\(superuser)", "--encoding=UTF8", "--lc-collate=C", "--lc-ctype=C.UTF-8", "--lc-messages=C",
            "--lc-monetary=C", "--lc-numeric=C", "--lc-time=C",
            // Only the server's user and root reach the socket.
            "--auth=trust", "--no-sync", "--no-instructions",
        ]
        // On by default from 18; a throw-away cluster need not notice its own disk's decay.
        if major >= 18 { arguments.append("--no-data-checksums") }
        return arguments
    }

    private func write(_ size: TreeSize, to path: String) throws {
        let bytes = try JSONEncoder().encode(size)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw DirectoryTree.obstacle("written", path) }
        defer { close(descriptor) }
        guard bytes.withUnsafeBytes({ Glibc.write(descriptor, $0.baseAddress, $0.count) }) == bytes.count else {
            throw DirectoryTree.obstacle("written", path)
        }
    }
}
