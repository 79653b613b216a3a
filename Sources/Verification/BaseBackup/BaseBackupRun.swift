import Backups
import Integrity
import Logging
import PostgreSQL

/// The verification of a base backup: its files against its manifest while they are unpacked into scratch, and then what a
/// server makes of them, with the log that the backup carries.
///
/// `--until integrity` ends it after the files, and nothing is unpacked; `restore` ends it when a server was started on them, and
/// `rows` when its rows were counted.
struct BaseBackupRun {
    let request: VerificationRequest
    let progress: any ProgressObserver
    let cancellation: Cancellation
    let log: Logger

    func run(_ place: BaseBackupPlace, _ ledger: inout VerificationLedger) {
        let seen = try? place.sighting(cancellation)
        verify(place, &ledger)
        ledger.excuse(place, seen: seen, cancellation)
    }

    private func verify(_ place: BaseBackupPlace, _ ledger: inout VerificationLedger) {
        ledger.evidence.planned = request.clusterStages
        if let refusal = request.refusal(as: "a base backup") { return ledger.evidence.checks.append(refusal) }
        var drill = DrillRequest(base: request, archive: "")
        drill.target = .immediate
        drill.looksForBrokenStructures = request.proof.looksForBrokenStructures
        drill.database = request.proof.database
        let recovery = ClusterRecovery(request: drill, progress: progress, cancellation: cancellation, log: log)
        // Where there is no room for a copy the files are looked at all the same.
        let scratch = request.wantsRecovery ? ledger.perform(.integrity) { _ in try recovery.claim() } : nil
        defer { scratch?.stop() }
        let result = ledger.perform(.integrity, bytes: { $0.seen.storedBytes }) { _ in
            try recovery.unpack(place, into: scratch)
        }
        guard let result else { return }
        recovery.note(result, &ledger)
        note(result, &ledger)
        // A backup without its log restores together with an archive only: its check says so.
        guard let scratch, !ledger.hasFailed, result.wal?.reason != .noWAL else { return }
        ledger.notes += ClusterRecovery.notes(on: place, result)
        // Nothing but what it carries: that is what must be enough to restore it.
        let cluster = RestoredCluster(result)
        defer { recovery.confirm(cluster, &ledger) }
        let recovered = recovery.recover(cluster, in: scratch, archived: ArchivedSegments(), &ledger) {
            _, _ in
            { _ in nil }
        }
        guard let recovered else { return }
        let end = request.until.map { "stopped after \($0.rawValue), as asked" } ?? "all checks passed"
        ledger.evidence.drilled = "a server started on it, with its own write-ahead log; \(end)"
        recovery.prove(recovered, in: scratch, &ledger)
    }

    private func note(_ result: BaseBackupResult, _ ledger: inout VerificationLedger) {
        let label = result.seen.label.flatMap { BackupLabel($0) }
        ledger.backup.time = DataTime(
            manifest: nil, dumpStart: label?.startedAt, named: request.namedTime,
            completedAt: ledger.backup.time.completedAt)
        ledger.evidence.checks += result.allChecks
        if let minimum = request.minimumSize {
            ledger.evidence.checks.append(ByteChecks.minimumSize(minimum, stored: result.seen.storedBytes))
        }
        if request.manifest != nil { ledger.notes.append(Self.ownManifest) }
        ledger.notes += request.notesOfCluster
        if result.isIncremental, !request.wantsRecovery { ledger.notes.append(ClusterRecovery.incremental.message) }
    }

    private static let ownManifest =
        "a base backup has a manifest of its own, \(BaseBackupNames.manifest): the one that was named was not used"
}
