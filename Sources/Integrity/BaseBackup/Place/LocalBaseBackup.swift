import Backups

/// A base backup in a directory of this machine.
struct LocalBaseBackup: BaseBackupFiles {
    let name: String
    let leastThreads = 1

    /// - Parameter path: of the directory.
    init(_ path: String) {
        name = path
    }

    func names() throws -> [String: UInt64] { try DirectoryListing(name).sizes }

    func tree() throws -> BaseBackupTree { try DataDirectoryWalk(name).tree }

    func read(_ path: DataPath) throws -> any ByteReader { try DataFile(reading: name, path) }

    func open(_ name: String) throws -> any StoredBytes { try FileBytes("\(self.name)/\(name)") }
}
