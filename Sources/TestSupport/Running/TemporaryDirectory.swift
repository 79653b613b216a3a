import Glibc
import Synchronization

/// A directory that goes with the last reference to it; at the latest, and even after `kill -9`, with this process.
///
/// Paths are short, because a Unix socket's may not exceed 107 bytes. Everyone may pass through: the servers run as
/// another user.
package final class TemporaryDirectory: Sendable {
    package let path: String

    /// All directories of this process lie in one, which a watchman removes.
    private static let root: Result<String, any Error> = Result {
        let path = try make("\(place)/rt")
        let output = try Descriptor.open("/dev/null", O_WRONLY)
        let watchman = try Watchman(script: "cat >/dev/null; rm -rf -- \"$1\"", [path], output: output)
        watchmen.withLock { $0.append(watchman) }
        return path
    }

    /// Where it all lies: in `TMPDIR`, which `scripts/test` puts into memory.
    private static let place = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"

    private static let watchmen = Mutex<[Watchman]>([])

    package init() throws {
        path = try Self.make(Self.root.get() + "/d")
    }

    deinit {
        do {
            try Tool.run("/bin/rm", ["-rf", "--", path])
        } catch {
            // The watchman takes it with the rest.
        }
    }

    /// The path of `name` in it.
    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes `text` to a new file and returns its path.
    package func write(_ text: String, to name: String) throws -> String {
        let path = file(name)
        try TestFile.write(Array(text.utf8), to: path)
        return path
    }

    private static func make(_ prefix: String) throws -> String {
        var template = Array("\(prefix)-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw TestFailure("mkdtemp \(prefix): \(String(cString: strerror(errno)))")
        }
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        chmod(path, 0o755)
        return path
    }
}
