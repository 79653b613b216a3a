/// Why more may have happened to a table than production counted. It never narrows a bound: rows that lie within are
/// proved all the same, rows that lie outside are no proof against the backup.
package enum CountingDoubt: Sendable, Equatable, CustomStringConvertible {
    /// Before PostgreSQL 15 the statistics were UDP packets that a busy machine drops; `track_counts` may be off.
    case statisticsMayLose
    /// Another start of the server, or its configuration was read again, which may have switched counting off.
    case circumstancesChanged
    /// The catalog says something else of the table: it may have been renamed meanwhile.
    case definitionChanged
    /// A session that has been at work since before the count reports at its end.
    case workSince(Timestamp)
    /// The role may not see what other sessions do.
    case sessionsHidden
    /// An extension's process, which may report when it likes.
    case foreignWorker(String)
    /// The data may be older than the backup says: a name in local time, a standby that lags, clocks that differ.
    case timeUncertain
    /// Nothing of the table came back: it may have been left out on purpose.
    case mayBeLeftOut

    package var description: String {
        switch self {
        case .statisticsMayLose: "this server does not count everything (PostgreSQL before 15, or track_counts is off)"
        case .circumstancesChanged:
            "the server was restarted or reconfigured since, and may not have counted throughout"
        case .definitionChanged: "the table was altered or renamed since"
        case .workSince(let start):
            "a session of production has been at work since \(start) and reports what it did at its end only"
        case .sessionsHidden: "the role may not see whether a session holds back what it did (GRANT pg_monitor)"
        case .foreignWorker(let name): "the background process \"\(name)\" may not have reported what it did"
        case .timeUncertain:
            "data a few hours older than the backup says (local time, a standby that lags) may explain it"
        case .mayBeLeftOut: "it may have been left out of the dump on purpose"
        }
    }
}
