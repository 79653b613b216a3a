import Glibc
import TestSupport

/// A directory of a test whose files are read and written whole.
struct ScratchFolder {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    var path: String { directory.path }

    func write(_ content: [UInt8], to name: String) throws {
        try TestFile.write(content, to: directory.file(name))
    }

    func read(_ name: String) throws -> [UInt8] {
        try TestFile.read(directory.file(name))
    }

    func remove(_ name: String) throws {
        guard unlink(directory.file(name)) == 0 else { throw TestFailure("could not remove \(name)") }
    }

    func rename(_ name: String, to other: String) throws {
        guard Glibc.rename(directory.file(name), directory.file(other)) == 0 else {
            throw TestFailure("could not rename \(name)")
        }
    }

    func names() throws -> [String] {
        try TestFile.names(in: path)
    }
}
