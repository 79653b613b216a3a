import Backups
import Glibc

/// A backup that is being made, under names that nobody takes for a backup: `.NAME.partial-XXXXXXXX` and, for its
/// manifest, the same with `.manifest` at the end. The manifest's file is locked (flock) as long as we live, so that what a
/// killed process left can be told from what is still being written.
final class PartialBackup {
    /// Where the backup is written to.
    let path: String
    let manifestPath: String
    private let directory: String
    private let name: String
    private var manifestDescriptor: Int32
    private var isPublished = false

    static let marker = ".partial-"
    static let manifestSuffix = ".manifest"

    /// - Throws: ``Obstacle`` when something of the final names is already there, or nothing can be written.
    init(directory: String, name: String) throws {
        guard !name.isEmpty, !name.hasPrefix("."), !name.contains("/"), !ManifestName.isManifest(name) else {
            throw Obstacle(.unreadable, "\(name) is no name for a backup", hint: "Give a plain name without a slash.")
        }
        self.directory = directory
        self.name = name
        for taken in [name, ManifestName.manifest(of: name)] where BackupDirectory.exists("\(directory)/\(taken)") {
            throw Obstacle(
                .unreadable, "\(taken) is already in \(directory)",
                hint: "Backups are never overwritten: remove it, or choose another name.")
        }
        let suffix = String(UInt32.random(in: .min ... .max), radix: 16)
        path = "\(directory)/.\(name)\(Self.marker)\(String(repeating: "0", count: 8 - suffix.count))\(suffix)"
        manifestPath = path + Self.manifestSuffix
        // As readable as pg_dump makes the backup: the umask says.
        manifestDescriptor = open(manifestPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard manifestDescriptor >= 0 else { throw BackupDirectory.obstacle("create a file in", directory) }
        guard flock(manifestDescriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw BackupDirectory.obstacle("lock", manifestPath)
        }
    }

    deinit {
        if !isPublished { discard() }
        close(manifestDescriptor)
    }

    /// Makes the backup and its manifest durable and gives them their names.
    ///
    /// The manifest first: at no moment does a backup lie there whose manifest is yet to come, to be verified for less
    /// than it can prove, and a manifest alone is never taken for a backup. Neither name is ever overwritten.
    func publish(_ manifest: Manifest) throws {
        try BackupDirectory.write(try manifest.jsonBytes(), to: manifestDescriptor, name: manifestPath)
        try BackupDirectory.synchronize(descriptor: manifestDescriptor, manifestPath)
        let finalManifest = "\(directory)/\(ManifestName.manifest(of: name))"
        try BackupDirectory.renameNew(manifestPath, to: finalManifest)
        do {
            try BackupDirectory.renameNew(path, to: "\(directory)/\(name)")
        } catch {
            unlink(finalManifest)
            throw error
        }
        isPublished = true
        try BackupDirectory.synchronize(directory)
    }

    private func discard() {
        BackupDirectory.removeTree(path)
        unlink(manifestPath)
    }

    /// Removes what killed processes left in `directory`: only files of our own names, and only where nobody holds the
    /// lock.
    /// - Returns: the paths that were removed.
    static func collect(in directory: String) throws -> [String] {
        var removed: [String] = []
        for entry in try BackupDirectory.entries(of: directory)
        where entry.hasPrefix(".") && entry.contains(marker) && entry.hasSuffix(manifestSuffix) {
            let manifest = "\(directory)/\(entry)"
            let descriptor = open(manifest, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { continue }
            let backup = String(manifest.dropLast(manifestSuffix.count))
            if BackupDirectory.exists(backup) {
                BackupDirectory.removeTree(backup)
                removed.append(backup)
            }
            if unlink(manifest) == 0 { removed.append(manifest) }
        }
        return removed
    }
}
