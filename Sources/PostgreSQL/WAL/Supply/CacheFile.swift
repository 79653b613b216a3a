import Backups
import Glibc
import Processes

/// A file that is being written for a recovery. It is gone again unless ``finish()`` was called.
final class CacheFile {
    private let path: String
    private let descriptor: Int32
    private var isFinished = false

    /// - Parameter owner: who will read and write it; `nil` for this user.
    init(_ path: String, owner: ProcessUser?) throws {
        // The server writes over segments that it has replayed.
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw DirectoryTree.obstacle("written", path) }
        self.path = path
        if let owner, fchown(descriptor, owner.identifier, owner.group) != 0 {
            throw DirectoryTree.obstacle("given to \(owner.name)", path)
        }
    }

    deinit {
        close(descriptor)
        if !isFinished { unlink(path) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            let done = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if done < 0, errno == EINTR { continue }
            guard done > 0 else { throw DirectoryTree.obstacle("written", path) }
            rest = UnsafeRawBufferPointer(rebasing: rest[done...])
        }
    }

    func finish() { isFinished = true }
}
