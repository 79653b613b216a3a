import Glibc

/// Small files of a data directory that a tool restored, or that a server in scratch has in its hands: no link in it is followed,
/// wherever it stands in the way.
package enum RestoredFile {
    /// The first 64 KiB of it; `nil` when it is not there, or no file.
    /// - Parameter name: below `data`; parts are separated by `/`.
    package static func text(_ name: String, in data: String) -> String? {
        bytes(name, in: data, most: 65_536).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The first bytes of it; `nil` when it is not there, or no file. `errno` says why.
    static func bytes(_ name: String, in data: String, most: Int) -> [UInt8]? {
        // A pipe that nobody writes to must not hold us.
        let descriptor = open(name, in: data, O_RDONLY | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        guard status.isRegular else {
            errno = EINVAL
            return nil
        }
        var buffer = [UInt8](repeating: 0, count: most)
        var filled = 0
        while filled < most {
            let count = buffer.withUnsafeMutableBytes {
                read(descriptor, $0.baseAddress.map { $0 + filled }, most - filled)
            }
            if count == 0 { break }
            if count > 0 { filled += count } else if errno != EINTR { return nil }
        }
        return Array(buffer[..<filled])
    }

    /// Opens what lies at `name` below `data`, each directory on the way by the descriptor of the one before.
    /// - Returns: -1 and `errno` where it can't be opened: `ELOOP` or `ENOTDIR` for a link.
    static func open(_ name: String, in data: String, _ flags: Int32) -> Int32 {
        let parts = name.split(separator: "/")
        var directory = Glibc.open(data, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        for (index, part) in parts.enumerated() where directory >= 0 {
            let isLast = index == parts.count - 1
            let wanted = isLast ? flags : O_RDONLY | O_DIRECTORY
            let next = openat(directory, String(part), wanted | O_CLOEXEC | O_NOFOLLOW)
            let code = errno
            close(directory)
            directory = next
            errno = code
        }
        return directory
    }
}
