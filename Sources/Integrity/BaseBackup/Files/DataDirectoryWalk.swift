internal import Backups
internal import Glibc

/// Finds the files of a plain base backup: a data directory, and what its tablespaces lead to.
///
/// Links are followed only where a server makes them: `pg_wal`, and the entries of `pg_tblspc`. Anything else that is
/// neither file nor directory is no part of a backup.
struct DataDirectoryWalk {
    private let root: String
    private(set) var tree = BaseBackupTree()

    /// - Throws: ``Obstacle`` when a directory can't be listed.
    init(_ root: String) throws {
        self.root = root
        try enter(DataPath(""))
    }

    private mutating func enter(_ directory: DataPath) throws {
        for name in try names(in: directory) { try look(directory.appending(name), in: directory) }
    }

    private func names(in directory: DataPath) throws -> [[UInt8]] {
        guard let stream = opendir(directory.systemPath(below: root)) else { throw trouble(directory) }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw trouble(directory) }
                return names
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in Array(bytes.prefix { $0 != 0 }) }
            if !name.elementsEqual(".".utf8), !name.elementsEqual("..".utf8) { names.append(name) }
        }
    }

    private mutating func look(_ path: DataPath, in directory: DataPath) throws {
        let follows = path == .wal || directory == .tablespaces
        var status = stat()
        let system = path.systemPath(below: root)
        guard (follows ? stat(system, &status) : lstat(system, &status)) == 0 else {
            guard errno == ENOENT else { throw SystemError.obstacle("look at", "\(root)/\(path)") }
            // A tablespace that was not kept with the backup. What vanished meanwhile is missing, too.
            note(path, .missingFile, "\(path) leads to what is not there")
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: tree.files.append(BaseBackupTree.Found(path: path, size: UInt64(clamping: status.st_size)))
        case S_IFDIR:
            tree.directories.append(path)
            try enter(path)
        default: note(path, .extraFile, "\(path) is neither a file nor a directory")
        }
    }

    private mutating func note(_ path: DataPath, _ reason: Reason, _ message: String) {
        tree.flaws.append(BaseBackupFlaw(path: path, reason: reason, message: message))
    }

    private func trouble(_ directory: DataPath) -> Obstacle {
        SystemError.obstacle("list", directory.bytes.isEmpty ? root : "\(root)/\(directory)")
    }
}
