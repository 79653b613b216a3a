internal import Backups
internal import Glibc

/// One open file of a data directory.
final class DataFile: ByteReader {
    private let descriptor: Int32
    private let path: DataPath

    /// Opens it for reading.
    /// - Parameter root: the data directory.
    /// - Throws: ``Obstacle`` when it can't be opened.
    init(reading root: String, _ path: DataPath) throws {
        self.path = path
        descriptor = open(path.systemPath(below: root), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw SystemError.obstacle("open", "\(root)/\(path)") }
        // A hint only.
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    /// Makes it, for writing; it must not be there.
    init(making root: String, _ path: DataPath) throws {
        self.path = path
        descriptor = open(path.systemPath(below: root), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SystemError.obstacle("make", "\(root)/\(path)") }
    }

    deinit {
        close(descriptor)
    }

    /// - Returns: how many bytes; 0 only at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            if errno != EINTR { throw SystemError.obstacle("read", path.description) }
        }
    }

    /// Writes all of `bytes` behind what was written before.
    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var left = bytes
        while !left.isEmpty {
            let count = Glibc.write(descriptor, left.baseAddress, min(left.count, WritePiece.largest))
            if count >= 0 {
                left = UnsafeRawBufferPointer(rebasing: left[count...])
            } else if errno != EINTR {
                throw SystemError.obstacle("write", path.description)
            }
        }
    }
}
