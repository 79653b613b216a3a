import Backups
import Glibc

/// Files that are read whole: settings, tokens.
enum SmallFile {
    private static let limit = 1 << 20

    /// At most 1 MiB.
    static func read(_ descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while bytes.count < limit {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return bytes
    }

    /// The text of a file with a token: without blanks at its ends. Read anew each time, for whoever wrote it writes it
    /// again.
    /// - Throws: ``Obstacle`` `authentication-failed`.
    static func token(_ path: String, of variable: String) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Obstacle(
                .authenticationFailed, "the token in \(path) can't be read: \(String(cString: strerror(errno)))",
                hint: "\(variable) names it: let the user that runs this read it.")
        }
        defer { close(descriptor) }
        return String(decoding: read(descriptor), as: UTF8.self).trimmed
    }
}
