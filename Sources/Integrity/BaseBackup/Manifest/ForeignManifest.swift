import Backups

/// Tells whether the manifest in a data directory is the one of another backup.
///
/// A cluster that was itself made by `pg_basebackup` keeps that one's manifest for ever, and who copies its files, between
/// `pg_backup_start` and `pg_backup_stop` or in a snapshot, copies it, too: of its files nothing is as it was. Two things together tell
/// it from damage: the place where recovery begins is none that the manifest names, and the server has made a checkpoint behind the end
/// of the backup that it is of. The manifest's own checksum of the control file would not tell: a CRC-32C over what carries its own
/// CRC-32C is the same for all.
struct ForeignManifest {
    private static let label = DataPath("backup_label")

    private let files: any BaseBackupFiles
    private let names: [String: UInt64]

    /// - Parameter names: what lies directly in the directory.
    init(_ files: any BaseBackupFiles, _ names: [String: UInt64]) {
        self.files = files
        self.names = names
    }

    /// - Throws: ``Obstacle`` when a file can't be read.
    func isOne(_ manifest: BaseBackupManifest) throws -> Bool {
        if names[Self.label.description] != nil {
            let text = try files.content(Self.label, most: BaseBackupSeen.mostKept)
            // One that can't be understood was altered: that shows in the manifest.
            guard let start = BaseBackupSeen.start(inLabel: String(decoding: text, as: UTF8.self)),
                !manifest.walRanges.contains(where: { $0.start == start })
            else { return false }
        }
        guard let end = manifest.walRanges.map(\.end).max(),
            try files.tree().files.contains(where: { $0.path == ControlFile.path }),
            let control = ControlFile(try files.content(ControlFile.path, most: BaseBackupSeen.mostKept)),
            control.isWhole
        else { return false }
        return control.checkpoint > end
    }
}
