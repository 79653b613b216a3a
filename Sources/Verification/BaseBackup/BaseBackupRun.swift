import Backups
import Integrity
import PostgreSQL

/// The verification of a base backup: its files against its manifest, and then what a server makes of them.
///
/// `--until integrity` ends it after the files; `restore` and `rows` are stages of dumps, and stand for a server that was
/// started, too.
struct BaseBackupRun {
    let request: VerificationRequest
    let progress: any ProgressObserver
    let cancellation: Cancellation

    func run(_ place: BaseBackupPlace, _ ledger: inout VerificationLedger) {
        ledger.evidence.planned = wantsRecovery ? [.integrity, .recovery] : [.integrity]
        let pass = BaseBackupPass(
            place, threads: request.restore.jobs, limits: request.restore.limits, progress: progress,
            cancellation: cancellation)
        let result = ledger.perform(.integrity, bytes: { $0.seen.storedBytes }) { _ in try pass.run() }
        guard let result else { return }
        note(result, &ledger)
        if wantsRecovery, !ledger.hasFailed { ledger.evidence.checks.append(recovery(of: result)) }
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

    /// Files that match are no proof that a server starts on them.
    private func recovery(of result: BaseBackupResult) -> Check {
        if result.isIncremental {
            return .inconclusive(
                "recovery", in: .recovery, .unsupportedFormat, Self.incremental,
                hint: "put it together with the backups before it (pg_combinebackup), and verify what comes out")
        }
        return .inconclusive(
            "recovery", in: .recovery, .notStarted,
            "the files of the base backup were read, and no server was started on them",
            hint: "unpack a copy, start a server on it, and look; --until integrity asks for the files alone")
    }

    private static let incremental =
        "this is an incremental backup: it holds what changed since another one, and restores only together with that"
    private static let ownManifest =
        "a base backup has a manifest of its own, \(BaseBackupNames.manifest): the one that was named was not used"
    private static let unproved =
        "the manifest of the base backup has no checksums (--manifest-checksums=NONE): an altered file of the same size "
        + "would not be seen. Make it with checksums: CRC32C is the default."
}
