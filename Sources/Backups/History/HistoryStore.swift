/// What happened, kept over restarts. Blocking: never called on the cooperative pool. Every implementation passes the same
/// contract suite.
///
/// Errors are ``Obstacle``: `disk-full`, `unreadable`, `internal-error`.
package protocol HistoryStore: Sendable {
    /// When `database` was first heard of; the first call fixes it as `now`.
    func monitoredSince(_ database: String, now: Timestamp) throws -> Timestamp

    /// Notes that a verification begins. Until ``finish(_:_:)`` it is unfinished, and a crash leaves it so.
    func begin(_ database: String, backup: BackupIdentity, at moment: Timestamp) throws -> RunID

    /// Notes how it ended, with all of the report.
    func finish(_ run: RunID, _ report: VerificationReport) throws

    /// Ends what a dead process left unfinished, as `inconclusive: interrupted`.
    /// - Returns: the runs that were.
    func interruptUnfinished(at moment: Timestamp) throws -> [RunID]

    /// The whole report; `nil` for a run that is not known or not finished.
    func report(_ run: RunID) throws -> VerificationReport?

    /// The newest runs that are finished, the newest first.
    func runs(of database: String, limit: Int) throws -> [RunSummary]

    /// The last finished run of each backup of `database`, whether it is still there or not.
    func lastRuns(of database: String) throws -> [BackupIdentity: RunSummary]

    /// Facts of verification as far as the history holds them; `present` are the backups that are there now. The next run
    /// and whether one is running are not for the history to say.
    func verificationFacts(of database: String, present: Set<BackupIdentity>) throws -> VerificationFacts

    /// Notes the complete backups that are there; each is kept once, with when it was first seen.
    func noteBackups(_ database: String, _ backups: [CatalogBackup], at moment: Timestamp) throws

    /// Distinct complete backups ever noted, the oldest first, `limit` newest at most: for size trends.
    func knownBackups(of database: String, limit: Int) throws -> [CatalogBackup]

    /// Notes a sample of production's counters.
    func note(_ sample: ProductionSample, of database: String) throws

    /// Samples from `start` on, the oldest first.
    func samples(of database: String, from start: Timestamp) throws -> [ProductionSample]

    /// The last sample at or before `moment`, if there is one, and all after it, the oldest first.
    func samples(of database: String, spanning moment: Timestamp) throws -> [ProductionSample]

    /// Of the samples before `moment` leaves the last of every `interval` (whole seconds since 1970), of every database.
    func thinSamples(before moment: Timestamp, to interval: Duration) throws

    /// Databases that the history knows.
    func databases() throws -> [String]

    /// Removes all that is known of `database`.
    func forget(_ database: String) throws

    /// Removes finished runs and samples that are older, but never the last run of a backup, nor the last success.
    func removeOlder(than moment: Timestamp) throws
}
