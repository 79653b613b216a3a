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
        bytes = try SpooledBytes(source, directory: root.path, keepsName: true)
        lock = try HeldLock(bytes.path ?? "")
    }

    /// Nobody else needs the name: from here on not even `kill -9` leaves anything.
    func forgetName() {
        if let path = bytes.path { unlink(path) }
    }

    /// An flock(2) that ends with this object.
    private final class HeldLock: Sendable {
        private let descriptor: Int32

        init(_ path: String) throws {
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                throw Obstacle(.internalError, "\(path) can't be locked: \(String(cString: strerror(errno)))")
            }
        }

        deinit { close(descriptor) }
    }
}
