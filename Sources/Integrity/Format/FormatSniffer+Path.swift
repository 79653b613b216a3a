internal import Backups
internal import Glibc

extension FormatSniffer {
    /// Looks at a file, or a directory.
    /// - Throws: ``Obstacle`` when it can't be read.
    package static func sniff(path: String) throws -> Sniffed {
        var status = stat()
        guard stat(path, &status) == 0 else { throw SystemError.obstacle("find", path) }
        guard status.st_mode & S_IFMT == S_IFDIR else { return try sniff(FileBytes(path)) }
        return sniff(directory: Set(try names(in: path)), at: path)
    }

    /// What a directory is from the names in it: a directory dump is defined by the name of its table of contents
    /// (PostgreSQL 15 src/bin/pg_dump/pg_backup_directory.c), a base backup by those of ``BaseBackupLayout``.
    package static func sniff(directory names: Set<String>, at path: String) -> Sniffed {
        if names.contains("toc.dat") { return .dump(.directory, .none) }
        if BaseBackupLayout(names: names) != nil { return .dump(.basebackup, .none) }
        if names.contains(where: isDataFile) { return .tableOfContentsMissing }
        if names.isEmpty { return .unknown(seen: "nothing: the directory is empty") }
        return .folder(path: path, files: names.count)
    }

    /// `NNNN.dat`, perhaps compressed.
    private static func isDataFile(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, parts[1] == "dat" else { return false }
        return !parts[0].isEmpty && parts[0].allSatisfy { $0.isASCII && $0.isNumber }
    }

    /// Names that are kept of a directory. What it is by is looked for among all of them: a dump of a million large objects has as many files.
    private static let mostNames = 100_000

    private static func isMark(_ name: String) -> Bool {
        ["toc.dat", BaseBackupNames.version, BaseBackupManifest.fileName].contains(name) || TarName(name)?.file != nil
    }

    private static func names(in path: String) throws -> [String] {
        guard let directory = opendir(path) else { throw SystemError.obstacle("read", path) }
        defer { closedir(directory) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(directory) else {
                if errno != 0 { throw SystemError.obstacle("read", path) }
                break
            }
            let name = withUnsafePointer(to: entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != "..", names.count < mostNames || isMark(name) { names.append(name) }
        }
        return names
    }
}
