package import Backups
internal import Glibc
internal import Synchronization

/// What comes out of an open descriptor: standard input, a pipe. It can be read once, from its start; spool it
/// (``SpooledBytes``) for all else.
package final class DescriptorBytes: StoredBytes {
    package let name: String
    private let descriptor: Int32
    private let ownsDescriptor: Bool
    private let cancellation: Cancellation
    private let isTaken = Mutex(false)

    package var size: UInt64? { nil }

    /// - Parameter ownsDescriptor: it is closed with this; otherwise it must stay open as long as this is read.
    package init(
        _ descriptor: Int32, name: String = "standard input", ownsDescriptor: Bool = false, cancellation: Cancellation
    ) {
        self.descriptor = descriptor
        self.name = name
        self.ownsDescriptor = ownsDescriptor
        self.cancellation = cancellation
    }

    deinit {
        if ownsDescriptor { close(descriptor) }
    }

    package func makeReader(at offset: UInt64) throws -> any ByteReader {
        let wasTaken = isTaken.withLock { taken in
            defer { taken = true }
            return taken
        }
        guard offset == 0, !wasTaken else {
            throw Obstacle(.internalError, "\(name) can be read once only, from its start")
        }
        return try DescriptorReader(self, descriptor, cancellation)
    }
}

/// Reads a descriptor; cancellation ends a read that waits.
final class DescriptorReader: ByteReader {
    private let source: DescriptorBytes
    private let descriptor: Int32
    private let cancellation: Cancellation
    private let wake: WakePipe
    private let token: UInt64

    init(_ source: DescriptorBytes, _ descriptor: Int32, _ cancellation: Cancellation) throws {
        let wake = try WakePipe()
        self.source = source
        self.descriptor = descriptor
        self.cancellation = cancellation
        self.wake = wake
        token = cancellation.onCancel { wake.fire() }
    }

    deinit {
        cancellation.removeHandler(token)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            try cancellation.check()
            guard try wake.wait(for: descriptor, POLLIN) else { continue }
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            if errno != EINTR, errno != EAGAIN { throw SystemError.obstacle("read", source.name) }
        }
    }
}
