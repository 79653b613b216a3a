import Backups
import Scheduling
import Settings

extension Conductor {
    /// Takes in what was found at the locations.
    func see(_ looks: [CatalogLook], _ seconds: Double) {
        discover(looks)
        for look in looks {
            let seen = Set(look.databases.map(\.database))
            for found in look.databases {
                let known = databases[found.database].flatMap { $0.known(found.facts) } ?? found.facts
                see(known, of: found.database, by: look.entry)
            }
            guard look.entry.contains(DatabaseSettings.placeholder) else { continue }
            for (name, state) in databases where state.entry == look.entry && !seen.contains(name) {
                let problem = look.problem ?? state.closed(among: look.closed).map { "\($0) can't be listed" }
                see(state.lookedAt(problem), of: name, by: look.entry)
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
        state.recalled = []
        databases[name] = state
        if !isSamePair { noteChange(of: name) }
        scheduler.see(facts, of: name, at: now)
        guard isChanged else { return }
        history.noteBackups(name, facts.backups, at: now)
        readHistory(of: name)
    }

    /// Takes in what a production server said.
    func see(_ look: ProductionLook) {
        guard let state = databases[look.database], state.settings.connection == look.connection,
            watchedProduction.contains(look.database)
        else { return }
        databases[look.database]?.production = look.facts
        if state.production?.isUp == look.facts.isUp {
            firstGathered = firstGathered ?? .now
        } else {
            isDirty = true
        }
    }

    /// Takes in how full the disks of production are, of databases whose production is not asked.
    func see(_ disks: [String: DiskFacts]) {
        for (name, state) in databases where state.settings.hasOwnDisk && state.disk != disks[name] {
            databases[name]?.disk = disks[name]
            isDirty = true
        }
    }

    /// Takes in what was found in an archive, for every database that names it.
    func see(_ look: ArchiveLook) {
        for (name, state) in databases where state.settings.walArchive == look.settings {
            defer { noteArchive(of: name) }
            switch look.facts {
            case .success(let facts): databases[name]?.walArchive = facts
            case .failure(let obstacle):
                // While it can't be listed, what was known of it stays.
                var facts = state.walArchive ?? WALArchiveFacts(isUp: false)
                (facts.isUp, facts.problem) = (false, obstacle.message)
                databases[name]?.walArchive = facts
            }
        }
        let isDown = databases.values.contains { $0.walArchive?.isUp == false }
        collectors["wal_archive"] = CollectorFacts(isSuccessful: !isDown, seconds: look.seconds)
        isDirty = true
    }

    func readHistory(of name: String) {
        guard let state = databases[name] else { return }
        isDirty = true
        let backups = state.catalog?.backups ?? recall(name)
        let facts = history.read("what was verified") {
            try history.store.verificationFacts(
                of: name, present: Set(backups.map(\.identity)), newest: backups.last?.identity)
        }
        if let facts { databases[name]?.verification = facts }
        // Each by itself: what can't be read of drills must not silence what is known of backups.
        let hasDrills = state.settings.drill != nil
        let drills = history.read("what was drilled") {
            try hasDrills ? history.store.drillRecord(of: name) : DrillRecord()
        }
        if let drills { databases[name]?.drills = drills }
        if facts != nil, drills != nil { databases[name]?.unread = [] }
    }

    /// What lay at the location when an earlier daemon last looked there.
    private func recall(_ name: String) -> [CatalogBackup] {
        let backups = history.presentBackups(of: name)
        databases[name]?.recalled = backups
        return backups
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
        collectors["history"] = CollectorFacts(
            isSuccessful: history.problem == nil, seconds: history.seconds ?? 0)
        board.publish(
            FleetFacts(
                program: board.facts.program, configuration: reload, collectors: collectors,
                databases: databases.values.map(facts),
                history: HistoryFacts(problem: history.problem?.message, setAside: setAside)))
    }

    private func facts(_ state: DatabaseState) -> DatabaseFacts {
        let settings = state.settings
        var verification = state.verification
        let later = state.later(history.unwritten(of: settings.name))
        if !later.isEmpty {
            let backups = state.catalog?.backups ?? state.recalled
            verification = verification.after(later, present: Set(backups.map(\.identity)))
        }
        verification.isRunning = state.running != nil && !state.isDrilling
        verification.nextRun = scheduler.nextRun(of: settings.name)
        verification.hindrance = state.hindrance
        var facts = DatabaseFacts(
            name: settings.name, kind: state.kind, discoveredBy: state.isDiscovered ? state.entry : nil,
            monitoredSince: state.monitoredSince, isSuspended: settings.schedule.isSuspended,
            objectives: settings.objectives, minimumSize: settings.backups.minimumSize, catalog: state.catalog,
            verification: verification, production: state.production,
            walArchive: state.walArchive)
        facts.drill = drillRecord(state, later)
        facts.ownDisk = state.disk
        facts.awaitsWALArchive = settings.walArchive != nil && state.walArchive?.checkedAt == nil
        return facts
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
