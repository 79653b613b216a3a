import Backups
import Logging
import Processes
import Scheduling
import Settings
import Verification

/// Verifies the backups of one turn of a database, one after the other. It keeps to the configuration
/// it started with.
struct VerificationTurn: Sendable {
    let database: DatabaseSettings
    let scratch: Settings.ScratchSettings
    let backups: [CatalogBackup]
    let history: HistoryKeeper
    let events: BlockingQueue<DaemonEvent>
    let cancellation: Cancellation
    let verify: TurnPerformer.Verify
    let clock: @Sendable () -> Timestamp
    let log: Logger

    /// Blocks until the last of them is verified.
    func run() {
        var outcomes: [RunOutcome] = []
        for backup in backups where !cancellation.isCancelled {
            let end = end(of: backup)
            let conclusion = end.report.conclusion
            outcomes.append(
                RunOutcome(backup: backup.identity, verdict: conclusion.verdict, reason: conclusion.reason))
            events.append(.verified(end))
        }
        events.append(.turnEnded(database: database.name, outcomes))
    }

    private func end(of backup: CatalogBackup) -> VerificationEnd {
        let run = history.begin(database.name, backup.identity, at: clock())
        let report = report(of: backup)
        return VerificationEnd(run: run, database: database.name, backup: backup.identity, report: report)
    }

    private func report(of backup: CatalogBackup) -> VerificationReport {
        do {
            var request = try database.request(for: backup, scratch: scratch)
            // Production moves on: without a drift that is allowed every difference would be a question, again and again.
            // Its own counters say how far it did.
            if database.rows.drift == nil {
                request.proof.bounds = database.boundsSource(request.proof.against, history.store)
                request.proof.against = nil
            }
            return request.restore.run(under: cancellation) { [request] own in verify(request, own, log) }
        } catch {
            return .unmade(
                database.name, backup, error as? Obstacle ?? Obstacle(.internalError, "\(error)"), at: clock())
        }
    }
}
