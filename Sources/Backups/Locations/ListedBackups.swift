/// Tells the backups among the objects of a location: manifests, hidden names and marks of empty folders are none, and
/// what lies below a `toc.dat` (`pg_dump -Fd`) is one backup, and so is what lies beside the manifest, the tar or the control
/// file of a base backup.
package struct ListedBackups {
    private let address: String
    private var objects: [StoredObject] = []
    private var manifests: Set<String> = []
    private var directories: Set<String> = []
    /// Those of base backups among them.
    private var bases: Set<String> = []
    private static let dumpMark = "/toc.dat"
    private static let baseMarks =
        ([BaseBackupNames.manifest, BaseBackupNames.control] + BaseBackupNames.tars).map { "/\($0)" }

    package init(address: String) {
        self.address = address
    }

    package mutating func add(_ object: StoredObject) {
        let path = object.path
        guard !path.isEmpty, !path.hasSuffix("/"), !path.hasPrefix("."), !path.contains("/.") else { return }
        if ManifestName.isManifest(path) {
            manifests.insert(String(path.dropLast(ManifestName.suffix.count)))
            return
        }
        if path.hasSuffix(Self.dumpMark) { directories.insert(String(path.dropLast(Self.dumpMark.count))) }
        for mark in Self.baseMarks where path.hasSuffix(mark) {
            directories.insert(String(path.dropLast(mark.count)))
            bases.insert(String(path.dropLast(mark.count)))
        }
        objects.append(object)
    }

    package var entries: [LocationEntry] {
        var entries: [LocationEntry] = []
        var places: [String: Int] = [:]
        for object in objects {
            let path = backup(holding: object.path) ?? object.path
            guard let place = places[path] else {
                if path != object.path { places[path] = entries.count }
                var entry = LocationEntry(
                    path: path,
                    identity: BackupIdentity(
                        path: "\(address)/\(path)", sizeBytes: object.size, modified: object.modified),
                    hasManifest: manifests.contains(path))
                entry.isBaseBackup = path != object.path && bases.contains(path)
                entries.append(entry)
                continue
            }
            entries[place].identity.sizeBytes = entries[place].identity.sizeBytes.addingSaturated(object.size)
            entries[place].identity.modified = max(entries[place].identity.modified, object.modified)
        }
        return entries
    }

    /// The outermost directory dump or base backup that `path` lies in.
    private func backup(holding path: String) -> String? {
        guard !directories.isEmpty else { return nil }
        var end = path.startIndex
        while let slash = path[end...].firstIndex(of: "/") {
            let directory = String(path[..<slash])
            if directories.contains(directory) { return directory }
            end = path.index(after: slash)
        }
        return nil
    }
}
