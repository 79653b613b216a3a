import Backups
import Scheduling
import Settings

extension Conductor {
    /// Takes in what was found at the locations.
    func see(_ looks: [CatalogLook], _ seconds: Double) {
        discover(looks)
        for look in looks {
            let seen = Set(look.databases.map(\.database))
            for found in look.databases { see(found.facts, of: found.database, by: look.entry) }
            guard look.entry.contains(DatabaseSettings.placeholder) else { continue }
            for (name, state) in databases where state.entry == look.entry && !seen.contains(name) {
                see(state.catalog.lookedAt(look.problem), of: name, by: look.entry)
            }
        }
        collectors["catalog"] = CollectorFacts(
            isSuccessful: looks.allSatisfy { $0.problem == nil }, seconds: seconds)
        isDirty = true
    }

    private func see(_ facts: CatalogFacts, of name: String, by entry: String) {
        let now = clock()
        // It may have been forgotten, or come from another entry, since the look began.
        guard var state = databases[name], state.entry == entry else { return }
        let isChanged = state.catalog?.backups != facts.backups
        state.catalog = facts
        databases[name] = state
        scheduler.see(facts, of: name, at: now)
        guard isChanged else { return }
        _ = history.attempt("the backups that are there") {
            try history.store.noteBackups(name, facts.backups, at: now)
        }
        readHistory(of: name)
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

extension CatalogFacts? {
    /// After a look that found no backup: none is there, or, where the location could not be listed, what was known.
    fileprivate func lookedAt(_ problem: String?) -> CatalogFacts {
        guard let problem else { return CatalogFacts() }
        var facts = self ?? CatalogFacts()
        (facts.isLocationUp, facts.problem) = (false, problem)
        return facts
    }
}
