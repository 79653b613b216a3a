import Backups

extension LateHistory: HistoryStore {
    /// What is known already need not be written.
    func monitoredSince(_ database: String, now: Timestamp) throws -> Timestamp {
        if let known = try? read({ try $0.monitoredSince(database, now: now) }) { return known }
        return try write { try $0.monitoredSince(database, now: now) }
    }

    /// As ``monitoredSince(_:now:)``.
    func drilledSince(_ database: String, now: Timestamp) throws -> Timestamp {
        if let known = try? read({ try $0.drilledSince(database, now: now) }) { return known }
        return try write { try $0.drilledSince(database, now: now) }
    }

    func begin(_ database: String, backup: BackupIdentity, drill: DrillFacts?, at moment: Timestamp) throws -> RunID {
        try write { try $0.begin(database, backup: backup, drill: drill, at: moment) }
    }

    func drillRecord(of database: String) throws -> DrillRecord { try read { try $0.drillRecord(of: database) } }

    func finish(_ run: RunID, _ report: VerificationReport) throws { try write { try $0.finish(run, report) } }

    func interruptUnfinished(at moment: Timestamp) throws -> [RunID] {
        try write { try $0.interruptUnfinished(at: moment) }
    }

    func report(_ run: RunID) throws -> VerificationReport? { try read { try $0.report(run) } }

    func runs(of database: String, kind: RunKind?, limit: Int) throws -> [RunSummary] {
        try read { try $0.runs(of: database, kind: kind, limit: limit) }
    }

    func runs(of databases: [String], kind: RunKind?, before next: RunID?, limit: Int) throws -> [RunSummary] {
        try read { try $0.runs(of: databases, kind: kind, before: next, limit: limit) }
    }

    func lastRuns(of database: String) throws -> [BackupIdentity: RunSummary] {
        try read { try $0.lastRuns(of: database) }
    }

    func verificationFacts(
        of database: String, present: Set<BackupIdentity>, newest: BackupIdentity?
    ) throws -> VerificationFacts {
        try read { try $0.verificationFacts(of: database, present: present, newest: newest) }
    }

    func noteBackups(_ database: String, _ backups: [CatalogBackup], at moment: Timestamp) throws {
        try write { try $0.noteBackups(database, backups, at: moment) }
    }

    func presentBackups(of database: String) throws -> [CatalogBackup] {
        try read { try $0.presentBackups(of: database) }
    }

    func knownBackups(of database: String, limit: Int) throws -> [CatalogBackup] {
        try read { try $0.knownBackups(of: database, limit: limit) }
    }

    func note(_ sample: ProductionSample, of database: String) throws {
        try write { try $0.note(sample, of: database) }
    }

    func visitSamples(
        of database: String, spanning moment: Timestamp, _ visit: (ProductionSample) throws -> Bool
    ) throws {
        try read { try $0.visitSamples(of: database, spanning: moment, visit) }
    }

    func thinSamples(before moment: Timestamp, to interval: Duration) throws {
        try write { try $0.thinSamples(before: moment, to: interval) }
    }

    func databases() throws -> [String] { try read { try $0.databases() } }

    @discardableResult
    func noteDiscovered(_ databases: [String], by entry: String?, at now: Timestamp) throws -> [String: Timestamp] {
        try write { try $0.noteDiscovered(databases, by: entry, at: now) }
    }

    func discovered() throws -> [DiscoveredDatabase] { try read { try $0.discovered() } }

    func forget(_ database: String) throws { try write { try $0.forget(database) } }

    func forgetRequests() throws -> [String] { try read { try $0.forgetRequests() } }

    func refuseToForget(_ database: String, _ why: String) throws {
        try write { try $0.refuseToForget(database, why) }
    }

    func removeOlder(than moment: Timestamp) throws { try write { try $0.removeOlder(than: moment) } }
}
