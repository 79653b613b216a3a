import Backups
import CLinux
import Glibc
import Integrity
import PostgreSQL

/// Standard input, or what a filter makes of a file, on its way into a file below the scratch directory: all else reads
/// that.
struct SpoolFile {
    static let prefix = "restorable-spool-"

    let bytes: SpooledBytes
    /// Held while it is in use, so that a collection knows leftovers from files in use.
    private let lock: HeldLock

    /// - Parameter directory: made when it is missing.
    init(_ source: any StoredBytes, directory: String) throws {
        let root = try ScratchRoot(directory)
        while true {
            let spool = try SpooledBytes(source, directory: root.path, keepsName: true)
            // A collection may have taken the file for a leftover before it was locked: nothing was read yet, so another.
            guard let lock = try HeldLock(spool.path ?? "") else { continue }
            (bytes, self.lock) = (spool, lock)
            return
        }
    }

    /// Nobody else needs the name: from here on not even `kill -9` leaves anything.
    func forgetName() {
        if let path = bytes.path { unlink(path) }
    }

    /// An flock(2) that ends with this object.
    private final class HeldLock: Sendable {
        private let descriptor: Int32

        /// - Returns: `nil` when the file is gone.
        init?(_ path: String) throws {
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
            if descriptor < 0, errno == ENOENT { return nil }
            var status = stat()
            guard descriptor >= 0, flock(descriptor, LOCK_EX) == 0, fstat(descriptor, &status) == 0 else {
                throw Obstacle(.internalError, "\(path) can't be locked: \(String(cString: strerror(errno)))")
            }
            if status.st_nlink == 0 { return nil }
        }

        deinit { if descriptor >= 0 { close(descriptor) } }
    }
}
