/// What happened, kept over restarts. Blocking: never called on the cooperative pool. Every implementation passes the same
/// contract suite.
///
/// Errors are ``Obstacle``: `disk-full`, `unreadable`, `internal-error`.
package protocol HistoryStore: Sendable {
    /// When `database` was first heard of; the first call fixes it as `now`.
    func monitoredSince(_ database: String, now: Timestamp) throws -> Timestamp

    /// Notes that a verification, or a drill, begins. Until ``finish(_:_:)`` it is unfinished, and a crash leaves it so.
    /// - Parameter drill: how far it is to recover, and from which archive; `nil` for a verification.
    func begin(
        _ database: String, backup: BackupIdentity, drill: DrillFacts?, at moment: Timestamp
    ) throws -> RunID

    /// Notes how it ended, with all of the report.
    /// - Throws: ``LostRun``, too: it can never be written then.
    func finish(_ run: RunID, _ report: VerificationReport) throws

    /// Ends what a dead process left unfinished, as `inconclusive: interrupted`.
    /// - Returns: the runs that were.
    func interruptUnfinished(at moment: Timestamp) throws -> [RunID]

    /// The whole report; `nil` for a run that is not known or not finished.
    func report(_ run: RunID) throws -> VerificationReport?

    /// The newest runs that are finished, the newest first.
    /// - Parameter kind: only these; `nil`: all.
    func runs(of database: String, kind: RunKind?, limit: Int) throws -> [RunSummary]

    /// The newest finished runs of these databases together, the one that began last first. One that is not known has none.
    /// - Parameters:
    ///   - kind: only these; `nil`: all.
    ///   - next: only runs that began before this one; `nil`: all.
    func runs(of databases: [String], kind: RunKind?, before next: RunID?, limit: Int) throws -> [RunSummary]

    /// The last finished run of each backup of `database`, whether it is still there or not.
    func lastRuns(of database: String) throws -> [BackupIdentity: RunSummary]

    /// Facts of verification as far as the history holds them. The next run and whether one is running are not for the
    /// history to say.
    ///
    /// The status is that of `newest` where it was judged. Else it is that of the newest backup that ever was, unless that
    /// one is gone and was verified: then it is that of the newest that is still there. A failure outlives the backup that
    /// failed, until the newest one that is there is judged.
    /// - Parameters:
    ///   - present: the backups that are there now.
    ///   - newest: of them; `nil` where nobody knows.
    func verificationFacts(
        of database: String, present: Set<BackupIdentity>, newest: BackupIdentity?
    ) throws -> VerificationFacts

    /// What the drills of `database` showed, as far as the history holds it. They have no part in
    /// ``verificationFacts(of:present:newest:)``, ``lastRuns(of:)`` and the status of a backup.
    func drillRecord(of database: String) throws -> DrillRecord

    /// When drills of `database` were first configured; the first call fixes it as `now`.
    func drilledSince(_ database: String, now: Timestamp) throws -> Timestamp

    /// Notes the complete backups that are there, all of them; each is kept once, with when it was first seen.
    func noteBackups(_ database: String, _ backups: [CatalogBackup], at moment: Timestamp) throws

    /// The backups that were there when they were last noted, the oldest first.
    func presentBackups(of database: String) throws -> [CatalogBackup]

    /// Distinct complete backups ever noted, the oldest first, `limit` newest at most: for size trends.
    func knownBackups(of database: String, limit: Int) throws -> [CatalogBackup]

    /// Notes a sample of production's counters. Of a database that is not known (it was forgotten while production was
    /// asked) nothing is kept.
    func note(_ sample: ProductionSample, of database: String) throws

    /// Shows `visit` the last sample at or before `moment`, if there is one, and all after it, the oldest first, for as
    /// long as it answers true. No more than two of them are held at a time, and those that saw nothing change share
    /// their tables.
    func visitSamples(
        of database: String, spanning moment: Timestamp, _ visit: (ProductionSample) throws -> Bool) throws

    /// Of the samples before `moment` leaves the last of every `interval` (whole seconds since 1970), of every database.
    func thinSamples(before moment: Timestamp, to interval: Duration) throws

    /// Databases that the history knows.
    func databases() throws -> [String]

    /// Notes that an entry of the configuration found these databases, or, with `nil`, that they have names of their own
    /// there. One that is new is first heard of `now`.
    /// - Returns: when each was first heard of.
    @discardableResult
    func noteDiscovered(_ databases: [String], by entry: String?, at now: Timestamp) throws -> [String: Timestamp]

    /// Databases that an entry of the configuration found.
    func discovered() throws -> [DiscoveredDatabase]

    /// Removes all that is known of `database`, and answers who asked for it.
    func forget(_ database: String) throws

    /// Databases that another process asks to be forgotten.
    func forgetRequests() throws -> [String]

    /// Answers that `database` is not forgotten: one sentence says why.
    func refuseToForget(_ database: String, _ why: String) throws

    /// Removes finished runs and samples that are older, but never the last run of a backup that is still there, nor the last success,
    /// nor the drills that ``drillRecord(of:)`` is drawn from.
    func removeOlder(than moment: Timestamp) throws
}

extension HistoryStore {
    package func begin(_ database: String, backup: BackupIdentity, at moment: Timestamp) throws -> RunID {
        try begin(database, backup: backup, drill: nil, at: moment)
    }

    /// Of both kinds.
    package func runs(of database: String, limit: Int) throws -> [RunSummary] {
        try runs(of: database, kind: nil, limit: limit)
    }

    /// Facts where nobody knows which backup is the newest that is there.
    package func verificationFacts(
        of database: String, present: Set<BackupIdentity>
    ) throws -> VerificationFacts {
        try verificationFacts(of: database, present: present, newest: nil)
    }
}

/// A database that an entry of the configuration found at its location.
package struct DiscoveredDatabase: Sendable, Equatable {
    package var name: String
    /// The name of the entry, with `{database}` in it.
    package var entry: String
    /// When it was found first.
    package var monitoredSince: Timestamp

    package init(name: String, entry: String, monitoredSince: Timestamp) {
        self.name = name
        self.entry = entry
        self.monitoredSince = monitoredSince
    }
}
