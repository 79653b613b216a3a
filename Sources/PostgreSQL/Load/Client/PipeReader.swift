import Backups
import Glibc
import Integrity
import Processes

/// The output of a child as it comes.
final class PipeReader: ByteReader {
    private let pipe: Pipe

    init(_ pipe: Pipe) { self.pipe = pipe }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            let count = Glibc.read(pipe.readEnd, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            guard errno == EINTR else {
                throw Obstacle(.internalError, "a pipe can't be read: \(String(cString: strerror(errno)))")
            }
        }
    }
}
