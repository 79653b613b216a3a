/// What the sessions of production were at when its counters were read.
package struct SessionActivity: Sendable, Equatable {
    /// The role sees what others do (`pg_read_all_stats`), and they say it (`track_activities`).
    package var isVisible: Bool
    /// Start of the oldest transaction or statement that is not finished.
    package var oldestWork: Timestamp?
    /// Kind of a process that no part of PostgreSQL itself is.
    package var foreignWorker: String?

    package init(isVisible: Bool, oldestWork: Timestamp? = nil, foreignWorker: String? = nil) {
        self.isVisible = isVisible
        self.oldestWork = oldestWork
        self.foreignWorker = foreignWorker
    }

    /// A session that ends a transaction reports it at once, unless it reported something within the last second
    /// (PGSTAT_MIN_INTERVAL); then when its next transaction ends, or after 10 s of idleness (PGSTAT_IDLE_INTERVAL). So
    /// what began later than 11 s after the count, in a session, began after a report of all before the count.
    /// Source: PostgreSQL 15, src/backend/utils/activity/pgstat.c, pgstat_report_stat.
    static let reportingDelay: Double = 11

    /// Why something that was committed before `countedAt` may not be in the counters.
    package func doubt(countedAt: Timestamp) -> CountingDoubt? {
        guard isVisible else { return .sessionsHidden }
        if let oldestWork, oldestWork.seconds(since: countedAt) <= Self.reportingDelay { return .workSince(oldestWork) }
        return foreignWorker.map { .foreignWorker($0) }
    }
}
