/// What a turn of a database does. Turns of both kinds have plans of their own, and never run side by side.
package enum TurnKind: Sendable, Hashable, CaseIterable {
    /// Backups are verified, each by itself.
    case verification
    /// A base backup is recovered from the archive of the write-ahead log, to a point in time.
    case drill
}
