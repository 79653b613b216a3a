import Backups
import Glibc

/// Writes a file under a hidden name beside it, and renames it when it is whole and durable.
final class DirectoryWriter: ObjectWriter {
    private let path: String
    private let partial: String
    private var descriptor: Int32

    init(_ path: String) throws {
        self.path = path
        let (directory, name) = Self.split(path)
        try Self.make(directory)
        partial = "\(directory)/.\(name).partial-\(String(UInt64.random(in: .min ... .max), radix: 16))"
        // As readable as any file that this user makes.
        descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Self.failure("make a file in", directory) }
    }

    deinit {
        abandon()
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while let base = rest.baseAddress, rest.count > 0 {
            let count = Glibc.write(descriptor, base, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure("write", path) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    func finish() throws {
        guard descriptor >= 0 else { return }
        guard fsync(descriptor) == 0 else { throw Self.failure("synchronize", path) }
        guard rename(partial, path) == 0 else { throw Self.failure("rename a file to", path) }
        close(descriptor)
        descriptor = -1
        let directory = open(Self.split(path).directory, O_RDONLY | O_CLOEXEC)
        defer { close(directory) }
        guard directory >= 0, fsync(directory) == 0 else { throw Self.failure("synchronize", path) }
    }

    func abandon() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        descriptor = -1
        unlink(partial)
    }

    private static func split(_ path: String) -> (directory: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        return (String(path[..<slash]), String(path[path.index(after: slash)...]))
    }

    private static func make(_ directory: String) throws {
        guard access(directory, F_OK) != 0, !directory.isEmpty else { return }
        try make(split(directory).directory)
        guard mkdir(directory, 0o777) == 0 || errno == EEXIST else { throw failure("make", directory) }
    }

    private static func failure(_ doing: String, _ path: String) -> Obstacle {
        let text = "could not \(doing) \(path): \(String(cString: strerror(errno)))"
        return errno == ENOSPC || errno == EDQUOT
            ? Obstacle(.diskFull, text, hint: "free space, or choose another directory")
            : Obstacle(.unreadable, text, hint: "check who may write there")
    }
}
