package import Backups

/// What came of asking for a verification, or for a drill.
package enum TurnAnswer: Sendable, Equatable {
    /// It starts as soon as there is room.
    case accepted
    /// It starts when what runs of the same database, which is of the other kind, has ended.
    case acceptedAfter(RunKind)
    /// One of this kind and this database is running or waiting already.
    case alreadyUnderWay
    /// No configured database has that name.
    case unknownDatabase
    /// It can't be started: one plain sentence says why.
    case refused(String)
}
