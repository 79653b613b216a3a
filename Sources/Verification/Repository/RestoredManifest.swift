import Backups
import Glibc
import Integrity
import PostgreSQL

/// The `backup_manifest` of a data directory that a tool put together.
enum RestoredManifest {
    /// Whether a base backup lost its label: its manifest is there, and no server ran since, which would have put the label aside
    /// (`backup_label.old`; `StartupXLOG` in src/backend/access/transam/xlog.c).
    static func lacksLabel(in data: String) -> Bool {
        let isThere = { (name: String) in access("\(data)/\(name)", F_OK) == 0 }
        return isThere(BaseBackupNames.manifest) && !isThere("backup_label") && !isThere("backup_label.old")
    }

    /// Whether there is one, and it is of this backup. A cluster that was itself restored from a base backup keeps that one's
    /// manifest for ever, and tools that copy files copy it, too: of its files nothing is as it was. Only `backup_label` tells which it
    /// is: where there is none, as in a snapshot, nothing is held against it.
    /// - Throws: ``Obstacle`` for one that can't be read.
    static func isOwn(in data: String) throws -> Bool {
        let path = "\(data)/\(BaseBackupNames.manifest)"
        guard access(path, F_OK) == 0 else { return false }
        guard let text = RestoredFile.text("backup_label", in: data) else { return false }
        // One that can't be understood was altered: that shows in the manifest.
        guard let label = BackupLabel(text) else { return true }
        let file = try FileBytes(path)
        guard let size = file.size, size <= BaseBackupManifest.largest else { return true }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Int(size), alignment: 16)
        defer { buffer.deallocate() }
        let reader = try file.makeReader(at: 0)
        var filled = 0
        while filled < buffer.count {
            let count = try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
            guard count > 0 else { break }
            filled += count
        }
        do {
            let manifest = try BaseBackupManifest(UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
            return manifest.walRanges.contains { $0.start == label.start.bytes }
        } catch is ContentDamage {
            // Whoever holds the files against it tells what is wrong with it.
            return true
        }
    }
}
