/// What a run, or the turn of a database that makes runs, does. Both kinds have plans and records of their own, and never run
/// side by side.
package enum RunKind: String, Sendable, CaseIterable {
    /// Backups are verified, each by itself.
    case verification
    /// A base backup is recovered from the archive of the write-ahead log, to a point in time.
    case drill
}
