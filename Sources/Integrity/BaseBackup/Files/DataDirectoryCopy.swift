internal import Backups
internal import Glibc

/// A copy of a data directory, made file by file from several threads.
struct DataDirectoryCopy: Sendable {
    private let root: String

    /// - Parameters:
    ///   - root: an empty directory.
    ///   - directories: that the data directory has, each after the one that it lies in.
    /// - Throws: ``Obstacle`` when one can't be made.
    init(to root: String, directories: [DataPath]) throws {
        self.root = root
        for directory in directories where mkdir(directory.systemPath(below: root), 0o700) != 0 {
            throw SystemError.obstacle("make", "\(root)/\(directory)")
        }
    }

    func makeFile(_ path: DataPath) throws -> DataFile {
        try DataFile(making: root, path)
    }
}
