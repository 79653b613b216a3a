package import Backups

/// What the integrity pass over a base backup found.
package struct BaseBackupResult: Sendable {
    /// So many files that differ are told by name.
    private static let toldFlaws = 20

    /// `nil`: it was made without one, or it is gone.
    package let manifest: BaseBackupManifest?
    package let layout: BaseBackupLayout
    package let seen: BaseBackupSeen
    /// Of all but the write-ahead log.
    package private(set) var checks: [Check]
    /// Whether the backup carries the log that it needs, where that is known: it may come from an archive instead.
    package let wal: Check?
    /// What came over a line, and was held against nothing; `nil` where none lies between, or all was proved.
    package let unproved: UnprovedFiles?

    init(
        manifest: BaseBackupManifest?, layout: BaseBackupLayout, seen: BaseBackupSeen, flaws: [BaseBackupFlaw],
        wal: Check?, unproved: UnprovedFiles? = nil
    ) {
        self.manifest = manifest
        self.layout = layout
        self.seen = seen
        self.wal = wal
        self.unproved = unproved
        checks = [
            Self.manifestCheck(manifest), Self.filesCheck(manifest, seen, flaws), Self.controlCheck(manifest, seen),
            Self.strangersCheck(seen),
        ].compactMap(\.self)
    }

    /// What a backup that is to restore by itself must pass.
    package var allChecks: [Check] { checks + [wal].compactMap(\.self) }

    /// It holds only what changed since another backup (since PostgreSQL 17), and restores only together with that.
    package var isIncremental: Bool {
        seen.label?.contains("\nINCREMENTAL FROM LSN: ") == true
    }

    /// Whether a flipped bit in any file but those of the write-ahead log would have been seen.
    package var content: ContentProof { manifest?.hasChecksums == true ? .proved : .unproved }

    private static func manifestCheck(_ manifest: BaseBackupManifest?) -> Check? {
        manifest.map {
            .verified(
                "manifest", in: .integrity,
                "\(BaseBackupManifest.fileName) lists \(Quantity.count(UInt64($0.files.count), "file")), and its own checksum holds"
            )
        }
    }

    private static func filesCheck(
        _ manifest: BaseBackupManifest?, _ seen: BaseBackupSeen, _ flaws: [BaseBackupFlaw]
    ) -> Check {
        // What is damaged says more than what is not there.
        if let first = flaws.first(where: { $0.reason != .missingFile }) ?? flaws.first {
            let others = flaws.count > 1 ? " (and \(Quantity.count(UInt64(flaws.count - 1), "other file")))" : ""
            let more = flaws.count > toldFlaws ? ["and \(flaws.count - toldFlaws) more"] : []
            return .failed(
                "files", in: .integrity, first.reason, first.message + others,
                hint: "copy the backup again, whole; if it is the same then, take another base backup",
                details: flaws.prefix(toldFlaws).map(\.message) + more)
        }
        // Without them it is no data directory, whatever else is there.
        if let missing = [DataPath("PG_VERSION"), ControlFile.path].first(where: { seen.contents[$0] == nil }) {
            return .failed("files", in: .integrity, .missingFile, "\(missing) is missing")
        }
        let count = Quantity.count(UInt64(seen.files), "file")
        guard let manifest else {
            return .inconclusive(
                "files", in: .integrity, .noManifest,
                "\(count) read to their end; there is no \(BaseBackupManifest.fileName) to hold them against",
                hint:
                    "pg_basebackup writes one since PostgreSQL 13, unless --no-manifest is said: keep it with the backup"
            )
        }
        let kinds = Set(manifest.files.compactMap { $0.checksum?.algorithm.rawValue }).sorted()
        let compared =
            kinds.isEmpty
            ? "sizes compared; the manifest has no checksums" : "sizes and \(kinds.joined(separator: ", ")) compared"
        // Those that are ignored may differ, or be gone.
        let held = manifest.files.filter { !BaseBackupLedger.isIgnored($0.path) }.count
        return .verified(
            "files", in: .integrity,
            "all \(Quantity.count(UInt64(held), "file")) of the manifest are there: \(compared)")
    }

    /// The one that lies there is of another backup: there is none to hold the files against.
    mutating func noteForeignManifest() {
        checks = checks.map { check in
            guard check.reason == .noManifest else { return check }
            return .inconclusive(
                check.name, in: check.stage, .noManifest,
                "\(Quantity.count(UInt64(seen.files), "file")) read to their end; the \(BaseBackupManifest.fileName) there is of another "
                    + "backup, from which the server was made once: there is none to hold them against",
                hint:
                    "Take backups with pg_basebackup, which writes their own. That one can be removed from production's data directory: "
                    + "no server reads it.")
        }
    }

    /// Compared also where the manifest has no checksums, as `pg_verifybackup` does since PostgreSQL 17.
    private static func controlCheck(_ manifest: BaseBackupManifest?, _ seen: BaseBackupSeen) -> Check? {
        guard seen.contents[ControlFile.path] != nil else { return nil }
        let name = "control"
        guard let control = seen.control, control.isWhole else {
            return .failed(
                name, in: .integrity, .checksumMismatch,
                "\(ControlFile.path) does not have its own CRC-32C: it was altered",
                hint: "take another base backup")
        }
        if let wanted = manifest?.systemIdentifier, wanted != control.systemIdentifier {
            return .failed(
                name, in: .integrity, .corrupt,
                "the manifest is of the cluster \(wanted), and \(ControlFile.path) of \(control.systemIdentifier)",
                hint: "files of two backups were mixed: copy each to a place of its own")
        }
        return .verified(
            name, in: .integrity, "\(ControlFile.path) is whole: of the cluster \(control.systemIdentifier)")
    }

    /// They do no harm when it is restored, and say that something is not as it should be.
    private static func strangersCheck(_ seen: BaseBackupSeen) -> Check? {
        guard let first = seen.strangers.first else { return nil }
        let more =
            seen.strangers.count > 1 ? " (and \(Quantity.count(UInt64(seen.strangers.count - 1), "other name")))" : ""
        return .inconclusive(
            "names", in: .integrity, .extraFile, "\(first) lies beside the tars, and belongs to no base backup\(more)",
            hint: "keep nothing else in the directory of the backup", details: Array(seen.strangers.prefix(toldFlaws)))
    }
}
