import Backups
import Glibc
import Processes
import Synchronization

/// Asks the programs in a directory for their version, once for each build of them.
enum InstallationProbe {
    private struct Key: Hashable {
        let path: String
        let size: Int
        let modified: Int
    }

    private static let known = Mutex<[Key: Installation]>([:])

    /// - Returns: `nil` when there is no usable PostgreSQL in `bin`.
    static func installation(in bin: String) -> Installation? {
        let directory = resolve(bin)
        let isServer = access("\(directory)/postgres", X_OK) == 0 && access("\(directory)/initdb", X_OK) == 0
        let program = "\(directory)/\(isServer ? "postgres" : "pg_restore")"
        var status = stat()
        guard access(program, X_OK) == 0, stat(program, &status) == 0 else { return nil }
        let key = Key(path: program, size: Int(status.st_size), modified: status.st_mtim.tv_sec)
        if let installation = known.withLock({ $0[key] }) { return installation }
        guard let installation = ask(program, in: directory, isServer: isServer) else { return nil }
        known.withLock { $0[key] = installation }
        return installation
    }

    /// The directory in which the programs of `bin` really lie: a directory of links is not a second installation.
    private static func resolve(_ bin: String) -> String {
        guard let resolved = realpath("\(bin)/postgres", nil) ?? realpath("\(bin)/pg_restore", nil) else { return bin }
        defer { free(resolved) }
        return String(cString: resolved).split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
    }

    private static func ask(_ program: String, in bin: String, isServer: Bool) -> Installation? {
        // A directory whose program does not run is no installation; there may be others.
        guard let result = try? ChildProcess.run(Command(program, ["--version"]), limit: 4096), result.isSuccess
        else { return nil }
        // "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
        let words = result.outputText.split(whereSeparator: \.isWhitespace).drop { !$0.first.isDigit }
        guard let first = words.first, let major = Int(first.prefix { $0.isNumber }) else { return nil }
        return Installation(bin: bin, version: words.joined(separator: " "), major: major, isServer: isServer)
    }
}

extension Character? {
    fileprivate var isDigit: Bool { self?.isNumber ?? false }
}
