import Backups
import Logging
import Processes
import Scheduling
import Settings
import Verification

/// Makes one drill of a database. It keeps to the configuration it started with.
struct DrillTurn: Sendable {
    let database: DatabaseSettings
    let drill: DrillSettings
    let scratch: Settings.ScratchSettings
    /// Address of the archive.
    let archive: String
    let choice: DrillChoice
    /// Why it can't be made, where that is known before it begins.
    let obstacle: Obstacle?
    let history: HistoryKeeper
    let events: BlockingQueue<DaemonEvent>
    let cancellation: Cancellation
    let recover: TurnPerformer.Recover
    let clock: @Sendable () -> Timestamp
    let log: Logger

    /// Blocks until it is made.
    func run() {
        let base = choice.base.identity
        let facts = DrillFacts(target: "\(choice.target)", archive: archive)
        let run = history.begin(database.name, base, drill: facts, at: clock())
        var report = made()
        // Whatever came of it, it was a drill.
        report.drill = report.drill ?? facts
        report.database = database.name
        report.conclusion.notes += [choice.note].compactMap(\.self)
        let conclusion = report.conclusion
        events.append(.verified(VerificationEnd(run: run, database: database.name, backup: base, report: report)))
        events.append(
            .turnEnded(
                database: database.name,
                [RunOutcome(backup: base, verdict: conclusion.verdict, reason: conclusion.reason)]))
    }

    private func made() -> VerificationReport {
        do {
            if let obstacle { throw obstacle }
            let request = try database.drillRequest(drill, choice, archive: archive, scratch: scratch)
            return request.base.restore.run(under: cancellation) { own in recover(request, own, log) }
        } catch {
            return .unmade(
                database.name, choice.base, error as? Obstacle ?? Obstacle(.internalError, "\(error)"), at: clock())
        }
    }
}
