import Glibc

/// A tmpfs of its own, unmounted with the object; only root may have one.
package final class SmallFileSystem: Sendable {
    package static var isAllowed: Bool {
        guard geteuid() == 0, let probe = try? SmallFileSystem(bytes: 65_536) else { return false }
        return withExtendedLifetime(probe) { true }
    }

    package let path: String
    private let directory: TemporaryDirectory

    /// - Throws: ``TestFailure``.
    package init(bytes: Int) throws {
        directory = try TemporaryDirectory()
        path = directory.file("small")
        mkdir(path, 0o755)
        guard mount("restorable", path, "tmpfs", 0, "size=\(bytes)") == 0 else {
            throw TestFailure("mount \(path): \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        umount2(path, Int32(MNT_DETACH))
        rmdir(path)
    }

    package func makeReadOnly() throws {
        guard mount("restorable", path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), "") == 0 else {
            throw TestFailure("remount \(path): \(String(cString: strerror(errno)))")
        }
    }

    /// Takes all the space that is left.
    package func fill() {
        let descriptor = open(path + "/ballast", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        let page = [UInt8](repeating: 1, count: 4096)
        while write(descriptor, page, page.count) > 0 {}
        close(descriptor)
    }

    package func makeSpace() {
        unlink(path + "/ballast")
    }
}
