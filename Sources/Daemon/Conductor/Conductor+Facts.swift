import Backups
import Scheduling
import Settings

extension Conductor {
    /// Takes in what was found at the locations.
    func see(_ looks: [CatalogLook], _ seconds: Double) {
        let now = clock()
        var isComplete = true
        for look in looks {
            guard var state = databases[look.database] else { continue }
            let isChanged = state.catalog?.backups != look.facts.backups
            state.catalog = look.facts
            databases[look.database] = state
            scheduler.see(look.facts, of: look.database, at: now)
            isComplete = isComplete && look.facts.isLocationUp
            guard isChanged else { continue }
            _ = history.attempt("the backups that are there") {
                try history.store.noteBackups(look.database, look.facts.backups, at: now)
            }
            readHistory(of: look.database)
        }
        collectors["catalog"] = CollectorFacts(isSuccessful: isComplete, seconds: seconds)
        isDirty = true
    }

    /// Takes in what a production server said.
    func see(_ look: ProductionLook) {
        guard let state = databases[look.database], state.settings.connection == look.connection else { return }
        databases[look.database]?.production = look.facts
        if state.production?.isUp == look.facts.isUp {
            firstGathered = firstGathered ?? .now
        } else {
            isDirty = true
        }
    }

    func readHistory(of name: String) {
        guard let state = databases[name] else { return }
        isDirty = true
        let present = Set((state.catalog?.backups ?? []).map(\.identity))
        let facts = history.attempt("what was verified") {
            try history.store.verificationFacts(of: name, present: present)
        }
        if let facts { databases[name]?.verification = facts }
    }

    func publish() {
        guard isDirty || gatheringLeft == .zero else { return }
        isDirty = false
        firstGathered = nil
        collectors["history"] = CollectorFacts(isSuccessful: history.problem == nil, seconds: 0)
        board.publish(
            FleetFacts(
                program: board.facts.program, configuration: reload, collectors: collectors,
                databases: databases.values.map(facts)))
    }

    private func facts(_ state: DatabaseState) -> DatabaseFacts {
        let settings = state.settings
        var verification = state.verification.after(history.unwritten(of: settings.name))
        verification.isRunning = state.running != nil
        verification.nextRun = scheduler.nextRun(of: settings.name)
        return DatabaseFacts(
            name: settings.name, monitoredSince: state.monitoredSince, isSuspended: settings.schedule.isSuspended,
            objectives: settings.objectives, minimumSize: settings.backups.minimumSize, catalog: state.catalog,
            verification: verification, production: state.production)
    }
}
