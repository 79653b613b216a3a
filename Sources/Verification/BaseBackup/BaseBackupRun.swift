import Backups
import Integrity
import Logging
import PostgreSQL

/// The verification of a base backup: its files against its manifest while they are unpacked into scratch, and then what a
/// server makes of them, with the log that the backup carries.
///
/// `--until integrity` ends it after the files, and nothing is unpacked; `restore` and `rows` are stages of dumps, and stand
/// for a server that was started, too.
struct BaseBackupRun {
    let request: VerificationRequest
    let progress: any ProgressObserver
    let cancellation: Cancellation
    let log: Logger

    func run(_ place: BaseBackupPlace, _ ledger: inout VerificationLedger) {
        ledger.evidence.planned = wantsRecovery ? [.integrity, .recovery, .rows] : [.integrity]
        var drill = DrillRequest(base: request, archive: "")
        drill.target = .immediate
        let recovery = ClusterRecovery(request: drill, progress: progress, cancellation: cancellation, log: log)
        // Where there is no room for a copy the files are looked at all the same.
        let scratch = wantsRecovery ? ledger.perform(.integrity) { _ in try recovery.claim() } : nil
        defer { scratch?.stop() }
        let result = ledger.perform(.integrity, bytes: { $0.seen.storedBytes }) { _ in
            try recovery.unpack(place, into: scratch)
        }
        guard let result else { return }
        note(result, &ledger)
        guard let scratch, !ledger.hasFailed, isRecoverable(result, &ledger) else { return }
        ledger.notes += ClusterRecovery.notes(on: place, result)
        // Nothing but what it carries: that is what must be enough to restore it.
        let recovered = recovery.recover(result, in: scratch, archived: ArchivedSegments(), &ledger) { _, _ in
            { _ in nil }
        }
        guard let recovered else { return }
        ledger.evidence.drilled = "a server started on it, with its own write-ahead log; all checks passed"
        recovery.prove(recovered, in: scratch, &ledger)
    }

    /// By itself; what is missing is told.
    private func isRecoverable(_ result: BaseBackupResult, _ ledger: inout VerificationLedger) -> Bool {
        if result.isIncremental {
            ledger.evidence.checks.append(
                .inconclusive(
                    "recovery", in: .recovery, .unsupportedFormat, Self.incremental,
                    hint: "put it together with the backups before it (pg_combinebackup), and verify what comes out"))
            return false
        }
        // Its check says so.
        return result.wal?.reason != .noWAL
    }

    private var wantsRecovery: Bool { request.until != .integrity && request.until != .fetch }

    private func note(_ result: BaseBackupResult, _ ledger: inout VerificationLedger) {
        let seen = result.seen
        let label = seen.label.flatMap { BackupLabel($0) }
        ledger.backup.sizeBytes = seen.storedBytes
        ledger.backup.compression = seen.compression
        ledger.backup.contentBytes = seen.bytes
        ledger.backup.dumpedFrom = seen.major.map { "\($0)" }
        ledger.backup.time = DataTime(
            manifest: nil, dumpStart: label?.startedAt, named: request.namedTime,
            completedAt: ledger.backup.time.completedAt)
        ledger.evidence.checks += result.allChecks
        ledger.evidence.formatHasChecksum = result.content == .proved
        ledger.evidence.unproved = Self.unproved
        if let minimum = request.minimumSize {
            ledger.evidence.checks.append(ByteChecks.minimumSize(minimum, stored: seen.storedBytes))
        }
        if request.manifest != nil { ledger.notes.append(Self.ownManifest) }
        if result.isIncremental { ledger.notes.append(Self.incremental) }
    }

    private static let incremental =
        "this is an incremental backup: it holds what changed since another one, and restores only together with that"
    private static let ownManifest =
        "a base backup has a manifest of its own, \(BaseBackupNames.manifest): the one that was named was not used"
    private static let unproved =
        "the manifest of the base backup has no checksums (--manifest-checksums=NONE): an altered file of the same size "
        + "would not be seen. Make it with checksums: CRC32C is the default."
}
