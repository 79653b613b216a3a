import Backups
import Glibc

/// A file that a command leaves, as that of `--report`: written whole under a temporary name, then renamed, so that it is
/// never half there.
struct ReportFile {
    private let path: String
    private let name: String

    /// - Parameter name: what it is, for messages: the `report`.
    /// - Throws: ``Obstacle`` when no file can be made there: better told before hours of work than after.
    init(_ path: String, named name: String = "report") throws {
        self.path = path
        self.name = name
        let descriptor = try Self.create(Self.temporary(path), name)
        close(descriptor)
        unlink(Self.temporary(path))
    }

    func write(_ text: String) throws {
        let temporary = Self.temporary(path)
        let descriptor = try Self.create(temporary, name)
        defer { close(descriptor) }
        var text = text
        let isWritten = text.withUTF8 { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let part = UnsafeBufferPointer(rebasing: rest)
                let count = Glibc.write(descriptor, part.baseAddress, part.count)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
        guard isWritten, rename(temporary, path) == 0 else {
            let cause = String(cString: strerror(errno))
            unlink(temporary)
            throw Obstacle(.unreadable, "the \(name) can't be written to \(path): \(cause)")
        }
    }

    private static func temporary(_ path: String) -> String { "\(path).\(getpid()).partial" }

    private static func create(_ path: String, _ name: String) throws -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw Obstacle(
                .unreadable, "the \(name) can't be written to \(path): \(String(cString: strerror(errno)))",
                hint: "Check the directory, and who may write to it.")
        }
        return descriptor
    }
}
