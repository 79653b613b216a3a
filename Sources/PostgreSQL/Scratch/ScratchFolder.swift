import Backups
import Glibc

/// A directory of scratch for files that programs find by their names. It goes with its last reference; one whose
/// process was killed goes with the next collection.
package final class ScratchFolder: Sendable {
    private let root: ScratchRoot
    private let claim: ScratchClaim

    /// For our own user only.
    package var path: String { "\(claim.directory.path)/files" }

    /// - Parameter directory: the root of all scratch.
    package init(in directory: String) throws {
        root = try ScratchRoot(directory)
        guard let process = ProcessIdentity.current else {
            throw Obstacle(.internalError, "this process is not in /proc")
        }
        claim = try ScratchClaim(
            ScratchDirectory(existing: ScratchRoot.makeName(), in: root.path), root: root,
            marker: ScratchMarker(process: process, state: .running, hasNamespaces: false))
        guard mkdir(path, 0o700) == 0 else { throw DirectoryTree.obstacle("made", path) }
    }

    deinit {
        // What can't be removed is known by its marker, and removed by the next collection, which says so.
        try? claim.remove(hasNamespaces: false, lockingRoot: root)
    }

    /// Makes an empty file.
    /// - Returns: its descriptor, to be closed by the caller.
    package func makeFile(_ name: String) throws -> Int32 {
        guard !name.isEmpty, name != ".", name != "..", !name.utf8.contains(where: { $0 == 0 || $0 == 0x2F }) else {
            throw Obstacle(.unreadable, "\(name) is no name for a file")
        }
        let descriptor = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o400)
        guard descriptor >= 0 else { throw DirectoryTree.obstacle("made", "\(path)/\(name)") }
        return descriptor
    }

    /// Writes all of it.
    /// - Parameter name: for messages.
    package static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, name: String) throws {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw DirectoryTree.obstacle("copied", name) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }
}
