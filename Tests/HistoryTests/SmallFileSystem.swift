import Foundation
import Glibc

/// A tmpfs of its own, unmounted with the object; only root may have one.
final class SmallFileSystem: Sendable {
    static var isAllowed: Bool {
        guard geteuid() == 0, let probe = try? SmallFileSystem(bytes: 65_536) else { return false }
        return withExtendedLifetime(probe) { true }
    }

    struct Refused: Error {
        let code: Int32
    }

    let path: String

    init(bytes: Int) throws {
        path = NSTemporaryDirectory() + "restorable-small-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("history", path, "tmpfs", 0, "size=\(bytes)") == 0 else {
            let code = errno
            rmdir(path)
            throw Refused(code: code)
        }
    }

    deinit {
        umount2(path, Int32(MNT_DETACH))
        rmdir(path)
    }

    func makeReadOnly() throws {
        guard mount("history", path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), "") == 0 else {
            throw Refused(code: errno)
        }
    }

    /// Takes all the space that is left.
    func fill() {
        let descriptor = open(path + "/ballast", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        let page = [UInt8](repeating: 1, count: 4096)
        while write(descriptor, page, page.count) > 0 {}
        close(descriptor)
    }

    func makeSpace() {
        unlink(path + "/ballast")
    }
}
