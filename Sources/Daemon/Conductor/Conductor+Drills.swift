import Backups
import Logging
import Scheduling
import Settings

/// Drills: turns of their own, which say nothing of a backup by itself.
extension Conductor {
    func startDrill(_ name: String) {
        guard let state = databases[name], let drill = state.settings.drill,
            let archive = state.settings.walArchive?.location, let newest = state.catalog?.newest
        else { return scheduler.finished(name, [], at: clock()) }
        let cancellation = Cancellation()
        databases[name]?.running = cancellation
        databases[name]?.isDrilling = true
        isDirty = true
        let (choice, obstacle) = choose(drill, newest, state)
        log.info("\(name): a drill recovers \(choice.base.identity.name) to \(choice.target)")
        if let note = choice.note { log.notice("\(name): \(note)") }
        performer.startDrill(
            DrillTurn(
                database: state.settings, drill: drill, scratch: configuration.scratch, archive: archive,
                choice: choice, obstacle: obstacle, history: history, events: events, cancellation: cancellation,
                recover: performer.recover, clock: clock, log: log))
    }

    /// - Returns: why it can't be made, too, where it can't: it is told as a drill that was not made.
    private func choose(
        _ drill: DrillSettings, _ newest: CatalogBackup, _ state: DatabaseState
    ) -> (DrillChoice, Obstacle?) {
        var generator = SystemRandomNumberGenerator()
        let backups = state.catalog?.backups ?? []
        if drill.target == .random,
            let again = DrillChoice.again(state.drills, among: backups, in: state.walArchive)
        {
            return (again, nil)
        }
        do {
            let choice = try DrillChoice.choose(
                drill.target, among: backups, in: state.walArchive, using: &generator)
            return (choice, nil)
        } catch {
            let target = if case .fixed(let target) = drill.target { target } else { RecoveryTarget.latest }
            return (
                DrillChoice(base: newest, target: target),
                error as? Obstacle ?? Obstacle(.internalError, "\(error)")
            )
        }
    }

    /// The drills of a database as the scheduler hears of them.
    func scheduledDrill(of state: DatabaseState) -> ScheduledDrill? {
        guard let drill = state.settings.drill else { return nil }
        let name = state.settings.name
        let last = history.read("earlier drills") {
            try history.store.runs(of: name, kind: .drill, limit: ScheduledDrill.remembered)
        }
        let since = history.drilledSince(name, now: clock())
        databases[name]?.drilledSince = since
        return ScheduledDrill(schedule: drill.schedule, since: since, last: last ?? [])
    }

    /// Tells the scheduler whether an archive can be recovered from.
    func noteArchive(of name: String) {
        guard let state = databases[name], state.settings.drill != nil else { return }
        let archive = state.walArchive
        let obstacle: Hindrance? =
            if archive?.isUp == false {
                .archiveDown(problem: archive?.problem)
            } else {
                archive?.checkedAt == nil ? .archiveUnknown : nil
            }
        scheduler.setArchive(obstacle, of: name)
    }

    /// What is known of the drills of a database; `nil` where none are configured.
    func drillRecord(_ state: DatabaseState, _ later: [HistoryKeeper.Unwritten]) -> DrillRecord? {
        guard let drill = state.settings.drill else { return nil }
        var record = state.drills
        for entry in later where entry.report.drill != nil { record.note(entry.report, run: entry.run) }
        record.target = "\(drill.target)"
        record.every = drill.every
        record.since = state.drilledSince
        record.isRunning = state.isDrilling
        record.nextRun = scheduler.nextRun(of: state.settings.name, .drill)
        record.hindrance = state.drillHindrance
        return record
    }
}
