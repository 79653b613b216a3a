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
            history.noteBackups(look.database, look.facts.backups, at: now)
            readHistory(of: look.database)
        }
        collectors["catalog"] = CollectorFacts(isSuccessful: isComplete, seconds: seconds)
        isDirty = true
    }

    func readHistory(of name: String) {
        guard let state = databases[name] else { return }
        isDirty = true
        let present = Set((state.catalog?.backups ?? []).map(\.identity))
        let facts = history.read("what was verified") {
            try history.store.verificationFacts(of: name, present: present)
        }
        if let facts { databases[name]?.verification = facts }
    }

    func publish() {
        guard isDirty else { return }
        isDirty = false
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
