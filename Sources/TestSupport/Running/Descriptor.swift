import Glibc

/// An open file, closed with the last reference; never inherited by children.
final class Descriptor: Sendable {
    /// O_TMPFILE of <fcntl.h>, which Swift does not import.
    private static let temporaryFile: Int32 = 0o20_000_000 | O_DIRECTORY

    let number: Int32

    init(_ number: Int32) {
        self.number = number
    }

    deinit { close(number) }

    static func open(_ path: String, _ flags: Int32) throws -> Descriptor {
        let number = Glibc.open(path, flags | O_CLOEXEC, 0o644)
        guard number >= 0 else { throw TestFailure("\(path): \(String(cString: strerror(errno)))") }
        return Descriptor(number)
    }

    /// A file that has no name any more, so that nothing is left of it.
    static func unnamed() throws -> Descriptor {
        try open("/tmp", O_RDWR | temporaryFile)
    }

    /// The whole content, from the start.
    func contents() throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = pread(number, &buffer, buffer.count, off_t(bytes.count))
            guard count >= 0 else { throw TestFailure("pread: \(String(cString: strerror(errno)))") }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}
