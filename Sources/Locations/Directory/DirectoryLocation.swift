package import Backups
import Glibc
import Integrity

/// A directory with backups, and all directories below it.
///
/// Links to files and directories are followed; a directory that was seen already (a link that leads back) is not entered
/// again. Hidden names, manifests and what `restorable dump` is still writing are no backups. A directory with a `toc.dat` is
/// one backup (`pg_dump -Fd`), and so is one with the files of a base backup.
package struct DirectoryLocation: Sendable {
    let root: String
    private let isLocal: @Sendable (String) -> Bool

    package init(_ root: String) {
        self.init(root, isLocal: LocalFileSystem.holds)
    }

    /// - Parameter isLocal: whether the times of a file come from this machine's clock.
    init(_ root: String, isLocal: @escaping @Sendable (String) -> Bool) {
        var root = root
        while root.count > 1, root.hasSuffix("/") { root.removeLast() }
        self.root = root
        self.isLocal = isLocal
    }

    /// - Throws: ``Obstacle`` `unreadable` when the directory itself can't be listed, or when it can't be told what lies below it;
    ///   what others alone may look at is left out and named.
    package func list() throws -> LocationListing {
        var walk = Walk(root: root, isLocal: isLocal)
        do {
            try walk.enter(root, "", DirectoryEntries(root, where: Walk.isWanted))
        } catch let trouble as UnlistedDirectory {
            throw trouble.obstacle
        }
        return LocationListing(entries: walk.entries, skipped: walk.skipped, hasOwnTime: walk.hasOwnTime)
    }
}

/// One pass over a tree, for the backups in it.
private struct Walk {
    private typealias Place = DirectoryEntries.Place

    let root: String
    var entries: [LocationEntry] = []
    var skipped: [String] = []
    /// All that was found lies on local file systems.
    private(set) var hasOwnTime = true
    private var entered: Set<Place> = []
    private var devices: Set<UInt64> = []
    /// The first entry of each file.
    private var first: [Place: Int] = [:]
    private let isLocal: (String) -> Bool

    init(root: String, isLocal: @escaping (String) -> Bool) {
        self.root = root
        self.isLocal = isLocal
    }

    static func isWanted(_ name: String) -> Bool { !name.hasPrefix(".") }

    /// Links may lead to other file systems.
    private mutating func note(_ entry: DirectoryEntries.Entry, _ path: String) {
        if devices.insert(entry.place.device).inserted, !isLocal(path) { hasOwnTime = false }
    }

    mutating func enter(_ directory: String, _ prefix: String, _ found: DirectoryEntries) throws {
        guard entered.insert(found.place).inserted else { return }
        noteClosed(found, directory)
        let present = Set(found.names)
        for entry in found.entries where !ManifestName.isManifest(entry.name) {
            let (path, relative) = ("\(directory)/\(entry.name)", prefix + entry.name)
            let hasManifest = present.contains(entry.name + ManifestName.suffix)
            guard entry.isDirectory else {
                note(entry, path)
                add(path, relative, entry.place, size: entry.size, modified: entry.modified, hasManifest: hasManifest)
                continue
            }
            try look(path, relative, entry.place, hasManifest: hasManifest)
        }
    }

    /// - Returns: `nil` when it is not there any more, or closed: then it is named.
    private mutating func list(_ path: String) throws -> DirectoryEntries? {
        do {
            return try DirectoryEntries.ifThere(path, where: Self.isWanted)
        } catch let trouble as UnlistedDirectory where trouble.isDenied {
            skipped.append(path)
            return nil
        }
    }

    private mutating func noteClosed(_ found: DirectoryEntries, _ directory: String) {
        skipped += found.closed.map { "\(directory)/\($0)" }
    }

    private mutating func look(_ path: String, _ relative: String, _ place: Place, hasManifest: Bool) throws {
        guard let found = try list(path) else { return }
        let isDump = found.names.contains("toc.dat")
        guard isDump || BaseBackupNames.holdsBackup(Set(found.names)) else {
            return try enter(path, relative + "/", found)
        }
        try addTree(path, relative, place, found, isFlat: isDump, hasManifest: hasManifest)
    }

    /// One backup of many files. What can't be listed of it is no reason to miss it: who verifies it is told.
    /// - Parameter isFlat: only what lies directly in it; of a base backup all below, also behind the links to its tablespaces.
    private mutating func addTree(
        _ path: String, _ relative: String, _ place: Place, _ found: DirectoryEntries, isFlat: Bool, hasManifest: Bool
    ) throws {
        var visited: Set<Place> = []
        var size: UInt64 = 0
        var newest = Timestamp(seconds: 0)
        var left = [(path, found)]
        while let (directory, found) = left.popLast() {
            guard visited.insert(found.place).inserted else { continue }
            noteClosed(found, directory)
            for entry in found.entries {
                let path = "\(directory)/\(entry.name)"
                note(entry, path)
                guard !entry.isDirectory else {
                    if !isFlat, let below = try list(path) { left.append((path, below)) }
                    continue
                }
                size = size.addingSaturated(entry.size)
                newest = max(newest, entry.modified)
            }
        }
        add(
            path, relative, place, size: size, modified: newest, hasManifest: hasManifest, isBaseBackup: !isFlat)
    }

    private mutating func add(
        _ path: String, _ relative: String, _ place: Place, size: UInt64, modified: Timestamp, hasManifest: Bool,
        isBaseBackup: Bool = false
    ) {
        let identity = BackupIdentity(path: path, sizeBytes: size, modified: modified)
        var entry = LocationEntry(path: relative, identity: identity, hasManifest: hasManifest)
        entry.isBaseBackup = isBaseBackup
        if let number = first[place] {
            entry.shared = SharedFile(number: number, isLink: Self.isLink(path))
            if entries[number].shared == nil {
                entries[number].shared = SharedFile(number: number, isLink: Self.isLink(entries[number].identity.path))
            }
        } else {
            first[place] = entries.count
        }
        entries.append(entry)
    }

    private static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }
}
