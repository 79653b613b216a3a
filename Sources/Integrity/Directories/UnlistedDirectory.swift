package import Backups
internal import Glibc

/// A directory, or something in it, that could not be looked at.
package struct UnlistedDirectory: Error {
    package let path: String
    /// As `errno`.
    let code: Int32

    /// It is not there: it vanished, or a link leads nowhere, in a circle, through a file, or to a name that no file can have.
    package var isGone: Bool { [ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG].contains(code) }

    /// It is there for others.
    package var isDenied: Bool { code == EACCES || code == EPERM }

    /// One that a file system keeps at its root, for root alone (mklost+found(8)): nothing of anybody's lies there.
    package var isOfFileSystem: Bool { isDenied && path.hasSuffix("/lost+found") }

    package var obstacle: Obstacle {
        Obstacle(
            .unreadable, "\(path) can't be listed: \(String(cString: strerror(code)))",
            hint: isGone || isDenied
                ? "Check that it is there, and who may read it."
                : "Look at the file system that it lies on, and at the server behind it.")
    }

    /// Of what may not be looked at.
    static func denied(_ path: String) -> UnlistedDirectory { UnlistedDirectory(path: path, code: EACCES) }
}
