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
        let change = state.catalog?.hasProductionChanged
        let isSamePair = state.catalog?.newestPair == facts.newestPair
        state.catalog = facts
        state.catalog?.hasProductionChanged = isSamePair ? change : nil
        databases[name] = state
        if !isSamePair { noteChange(of: name) }
        scheduler.see(facts, of: name, at: now)
        guard isChanged else { return }
        history.noteBackups(name, facts.backups, at: now)
        readHistory(of: name)
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
        let facts = history.read("what was verified") {
            try history.store.verificationFacts(of: name, present: present)
        }
        if let facts { databases[name]?.verification = facts }
    }

    /// A sample may say whether production changed between the two newest backups; one that comes long after the newest
    /// says nothing new.
    func noteSample(of name: String) {
        guard let newest = databases[name]?.catalog?.newestTimes?.1,
            clock().seconds(since: newest) < 2 * configuration.daemon.samplesInterval.totalSeconds + 300
        else { return }
        noteChange(of: name)
    }

    /// Whether production changed between the two newest backups, as far as samples tell.
    func noteChange(of name: String) {
        guard let catalog = databases[name]?.catalog, catalog.hasProductionChanged == nil,
            databases[name]?.settings.connection != nil, let (first, second) = catalog.newestTimes
        else { return }
        var change = ProductionChange(between: first, second)
        _ = history.read("samples of production") {
            try history.store.visitSamples(of: name, spanning: Timestamp(seconds: first.seconds - 300)) {
                change.add($0)
            }
        }
        databases[name]?.catalog?.hasProductionChanged = change.answer
        isDirty = true
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
            name: settings.name, discoveredBy: state.isDiscovered ? state.entry : nil,
            monitoredSince: state.monitoredSince, isSuspended: settings.schedule.isSuspended,
            objectives: settings.objectives, minimumSize: settings.backups.minimumSize, catalog: state.catalog,
            verification: verification, production: state.production)
    }
}

extension CatalogFacts {
    /// The two newest backups.
    fileprivate var newestPair: [BackupIdentity] { backups.suffix(2).map(\.identity) }

    /// The moments that they show.
    fileprivate var newestTimes: (Timestamp, Timestamp)? {
        guard backups.count > 1, let first = backups[backups.count - 2].dataAsOf, let second = backups.last?.dataAsOf,
            first < second
        else { return nil }
        return (first, second)
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
