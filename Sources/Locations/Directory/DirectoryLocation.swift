package import Backups
import Glibc

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

    /// - Throws: ``Obstacle`` `unreadable` when the directory itself can't be listed.
    package func list() throws -> LocationListing {
        var walk = Walk(root: root, isLocal: isLocal)
        guard let names = walk.names(root) else {
            throw Obstacle(
                .unreadable, "\(root) can't be listed: \(String(cString: strerror(errno)))",
                hint: "check backups.location, and who may read it")
        }
        walk.enter(root, "", names)
        return LocationListing(entries: walk.entries, skipped: walk.skipped, hasOwnTime: walk.hasOwnTime)
    }
}

/// One pass over a tree.
private struct Walk {
    private struct Place: Hashable {
        let device: UInt64
        let inode: UInt64

        init(_ status: stat) { (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino)) }
    }

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

    /// Links may lead to other file systems.
    private mutating func note(_ status: stat, _ path: String) {
        if devices.insert(UInt64(status.st_dev)).inserted, !isLocal(path) { hasOwnTime = false }
    }

    /// `nil`, and `errno`, when it can't be listed.
    func names(_ directory: String) -> [String]? {
        guard let stream = opendir(directory) else { return nil }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { return errno == 0 ? names : nil }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            // A name that is no UTF-8 can't be matched by any pattern, nor be named in a report.
            if let name, !name.hasPrefix(".") { names.append(name) }
        }
    }

    mutating func enter(_ directory: String, _ prefix: String, _ names: [String]) {
        var status = stat()
        guard stat(directory, &status) == 0,
            entered.insert(Place(status)).inserted
        else { return }
        let present = Set(names)
        for name in names where !ManifestName.isManifest(name) {
            let (path, relative) = ("\(directory)/\(name)", prefix + name)
            // What vanishes while we look is simply not there.
            guard stat(path, &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFREG:
                note(status, path)
                add(
                    path, relative, Place(status), size: UInt64(status.st_size), modified: Timestamp(status.st_mtim),
                    hasManifest: present.contains(name + ManifestName.suffix))
            case S_IFDIR: look(path, relative, Place(status), hasManifest: present.contains(name + ManifestName.suffix))
            default: break
            }
        }
    }

    private mutating func look(_ path: String, _ relative: String, _ place: Place, hasManifest: Bool) {
        guard let names = names(path) else {
            // What vanishes while we look, or is a file by now, is simply not there.
            if errno != ENOENT, errno != ENOTDIR { skipped.append(path) }
            return
        }
        guard names.contains("toc.dat") else {
            guard BaseBackupNames.holdsBackup(Set(names)) else { return enter(path, relative + "/", names) }
            return addTree(path, relative, place, names, hasManifest: hasManifest)
        }
        var size: UInt64 = 0
        var newest = Timestamp(seconds: 0)
        for name in names {
            var status = stat()
            guard stat("\(path)/\(name)", &status) == 0 else { continue }
            note(status, path)
            size += UInt64(status.st_size)
            newest = max(newest, Timestamp(status.st_mtim))
        }
        add(path, relative, place, size: size, modified: newest, hasManifest: hasManifest)
    }

    /// A base backup: all that lies below, also behind the links to its tablespaces.
    private mutating func addTree(
        _ path: String, _ relative: String, _ place: Place, _ names: [String], hasManifest: Bool
    ) {
        var visited: Set<Place> = []
        var size: UInt64 = 0
        var newest = Timestamp(seconds: 0)
        var left = [(path, names)]
        while let (directory, names) = left.popLast() {
            var status = stat()
            guard stat(directory, &status) == 0, visited.insert(Place(status)).inserted else { continue }
            for name in names {
                let path = "\(directory)/\(name)"
                guard stat(path, &status) == 0 else { continue }
                note(status, path)
                if status.st_mode & S_IFMT == S_IFDIR {
                    // What can't be listed is no reason to miss the backup: who verifies it is told.
                    left.append((path, self.names(path) ?? []))
                    continue
                }
                size += UInt64(status.st_size)
                newest = max(newest, Timestamp(status.st_mtim))
            }
        }
        add(path, relative, place, size: size, modified: newest, hasManifest: hasManifest)
    }

    private mutating func add(
        _ path: String, _ relative: String, _ place: Place, size: UInt64, modified: Timestamp, hasManifest: Bool
    ) {
        let identity = BackupIdentity(path: path, sizeBytes: size, modified: modified)
        var entry = LocationEntry(path: relative, identity: identity, hasManifest: hasManifest)
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
