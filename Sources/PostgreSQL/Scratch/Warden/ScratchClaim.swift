import Glibc

/// Ownership of one scratch directory: its lock is held as long as this value lives.
final class ScratchClaim: Sendable {
    let directory: ScratchDirectory
    private let lock: FileLock

    /// Makes the directory and its marker. The root's lock keeps a collection from seeing it before it is held.
    init(_ directory: ScratchDirectory, root: ScratchRoot, marker: ScratchMarker) throws {
        let rootLock = try root.lock()
        defer { withExtendedLifetime(rootLock) {} }
        // Others may pass, for the server's user must; only we can write here.
        guard mkdir(directory.path, 0o711) == 0 else { throw DirectoryTree.obstacle("made", directory.path) }
        chmod(directory.path, 0o711)
        lock = try FileLock.wait(directory.lock)
        self.directory = directory
        try marker.write(to: directory)
    }

    /// Takes over a directory whose owner is gone.
    /// - Returns: `nil` when somebody holds it.
    init?(leftover directory: ScratchDirectory) throws {
        guard let lock = try FileLock.tryLock(directory.lock) else { return nil }
        self.lock = lock
        self.directory = directory
    }

    /// Ends what still runs in the directory and removes it.
    ///
    /// The marker goes after all that it marks, so that a removal that was killed is finished by the next collection;
    /// the last steps are made under the root's lock, so that no collection meets them.
    /// - Parameter root: `nil` for a collection, which holds that lock.
    func remove(hasNamespaces: Bool, lockingRoot root: ScratchRoot?) throws {
        ScratchOccupants.end(in: directory.data)
        // The ids in the files of a server with an IPC namespace mean other segments outside; its own went with it.
        if !hasNamespaces { SharedMemorySegment.removeLeftover(of: directory.data) }
        let own = [directory.marker, directory.lock].compactMap { $0.split(separator: "/").last.map(String.init) }
        for name in DirectoryTree.names(in: directory.path) where !own.contains(name) {
            try DirectoryTree.remove(name, in: directory.path)
        }
        let rootLock = try root?.lock()
        defer { withExtendedLifetime(rootLock) {} }
        for name in own { try DirectoryTree.remove(name, in: directory.path) }
        try DirectoryTree.remove(directory.name, in: directory.root)
    }
}
