import Backups
import CLinux
import Glibc
import Synchronization

/// A pipe, both ends close-on-exec. Each end is closed with the pipe unless it was taken.
package final class Pipe: Sendable {
    package let readEnd: Int32
    private let isReadEndOpen = Mutex(true)
    private let writeEnd: Mutex<Int32?>

    package init() throws {
        var ends: [Int32] = [-1, -1]
        guard restorable_pipe(&ends) == 0 else {
            throw Obstacle(.internalError, "no pipe can be made: \(String(cString: strerror(errno)))")
        }
        readEnd = ends[0]
        writeEnd = Mutex(ends[1])
    }

    deinit {
        closeReadEnd()
        closeWriteEnd()
    }

    /// The descriptor to write to; the caller closes it.
    package func takeWriteEnd() -> Int32 {
        writeEnd.withLock { end in
            defer { end = nil }
            return end ?? -1
        }
    }

    /// Lets whoever writes learn that nobody reads any more. ``readEnd`` must not be used again.
    package func closeReadEnd() {
        isReadEndOpen.withLock { isOpen in
            if isOpen { close(readEnd) }
            isOpen = false
        }
    }

    package func closeWriteEnd() {
        writeEnd.withLock { end in
            if let descriptor = end { close(descriptor) }
            end = nil
        }
    }

    /// Reads to the end and keeps the first `limit` bytes.
    package func readHead(limit: Int) -> (kept: [UInt8], isCut: Bool) {
        var kept: [UInt8] = []
        var isCut = false
        readAll { bytes in
            let room = limit - kept.count
            kept.append(contentsOf: bytes.prefix(room))
            if bytes.count > room { isCut = true }
        }
        return (kept, isCut)
    }

    /// Reads to the end and keeps the last `limit` bytes, at most twice that many on the way.
    package func readTail(limit: Int) -> [UInt8] {
        var kept: [UInt8] = []
        readAll { bytes in
            kept.append(contentsOf: bytes)
            if kept.count > 2 * limit { kept.removeFirst(kept.count - limit) }
        }
        return Array(kept.suffix(limit))
    }

    /// Reads to the end and hands over each piece as it comes.
    package func readAll(_ body: (UnsafeRawBufferPointer) -> Void) {
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
            while true {
                let count = read(readEnd, buffer.baseAddress, buffer.count)
                if count > 0 {
                    body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                } else if count == 0 || errno != EINTR {
                    return
                }
            }
        }
    }
}
