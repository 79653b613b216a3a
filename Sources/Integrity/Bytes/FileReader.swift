internal import Backups
internal import Glibc

/// Reads a ``FileBytes`` from some offset to the end it had when it was opened.
final class FileReader: ByteReader {
    private let file: FileBytes
    private var offset: UInt64

    init(_ file: FileBytes, at offset: UInt64) {
        self.file = file
        self.offset = offset
    }

    /// - Throws: ``Obstacle`` also when the file shrank, grew or was written to since it was opened.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let left = file.identity.size - min(offset, file.identity.size)
        let wanted = Int(min(UInt64(buffer.count), left))
        guard wanted > 0 else {
            if left == 0 { try file.expectUnchanged() }
            return 0
        }
        while true {
            let count = pread(file.descriptor, buffer.baseAddress, wanted, off_t(offset))
            if count > 0 {
                offset += UInt64(count)
                return count
            }
            if count == 0 { throw Self.changed(file.name) }
            if errno != EINTR { throw SystemError.obstacle("read", file.name) }
        }
    }

    private static func changed(_ name: String) -> Obstacle {
        Obstacle(
            .changedWhileReading, "\(name) was changed while it was read",
            hint: "verify it when whatever writes it is done")
    }
}
