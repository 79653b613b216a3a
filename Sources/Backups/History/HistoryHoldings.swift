/// What a history holds of one database, in numbers.
package struct HistoryHoldings: Sendable, Equatable {
    /// Verifications, finished or not.
    package var runs: Int
    /// Backups that were seen.
    package var backups: Int
    /// Samples of production's counters.
    package var samples: Int
    package var monitoredSince: Timestamp?

    package init(runs: Int, backups: Int, samples: Int, monitoredSince: Timestamp?) {
        self.runs = runs
        self.backups = backups
        self.samples = samples
        self.monitoredSince = monitoredSince
    }
}
