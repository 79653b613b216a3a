import Backups
import Integrity
import Logging
import PostgreSQL

/// The verification of a backup in a repository: its own tool restores it into scratch, and a server recovers it there with the
/// write-ahead log of the repository, until it is consistent. What came back is looked at as after any recovery.
struct RepositoryRun {
    let request: VerificationRequest
    let progress: any ProgressObserver
    let cancellation: Cancellation
    let log: Logger

    func run(_ address: RepositoryAddress, _ ledger: inout VerificationLedger) {
        ledger.evidence.planned = request.clusterStages
        if let refusal = request.refusal(as: "a backup of \(address.title)") {
            return ledger.evidence.checks.append(refusal)
        }
        let found = ledger.perform(.fetch) { ledger in
            try RepositoryBase.find(address, &ledger, cancellation)
        }
        guard let base = found ?? nil else { return }
        var drill = DrillRequest(base: request, archive: "\(address.repository)")
        drill.target = .immediate
        drill.looksForBrokenStructures = request.proof.looksForBrokenStructures
        drill.database = request.proof.database
        let recovery = ClusterRecovery(request: drill, progress: progress, cancellation: cancellation, log: log)
        guard let scratch = ledger.perform(.integrity, { _ in try recovery.claim() }) else { return }
        defer { scratch.stop() }
        let restored = ledger.perform(.integrity, bytes: { _ in base.backup.size }) { ledger in
            try base.restore(into: scratch, &ledger, cancellation)
        }
        guard let restored, request.wantsRecovery, !ledger.hasFailed else { return }
        ledger.notes += request.notesOfCluster
        let archive = ledger.perform(.recovery) { _ in
            let log = try RecoveryLog(drill.archive, base: base, request.locations, cancellation)
            return (log, try log.archived(cancellation))
        }
        guard let (log, archived) = archive else { return }
        let recovered = recovery.recover(
            restored, in: scratch, archived: archived, &ledger,
            makeSupply: log.supply(archived, to: scratch, grace: drill.grace, cancellation))
        guard let recovered else { return }
        let end = request.until.map { "stopped after \($0.rawValue), as asked" } ?? "all checks passed"
        ledger.evidence.drilled =
            "\(address.title) restored it, and a server started on it with the archived write-ahead log; \(end)"
        recovery.prove(recovered, in: scratch, &ledger)
    }
}
