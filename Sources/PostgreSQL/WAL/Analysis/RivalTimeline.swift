package import Backups

/// A timeline that a newer one left behind, and that somebody goes on writing.
///
/// A restored copy was promoted, and archives beside production; or a server that was replaced was never ended. PostgreSQL's
/// `recovery_target_timeline = latest` takes the newest timeline, whoever writes it (`findNewestTimeLine` in
/// src/backend/access/transam/timeline.c): what the older one holds since is left out without a word, and if that one is
/// production, it is lost.
package struct RivalTimeline: Sendable, Equatable {
    package let timeline: UInt32
    /// Where the way that is followed parts from it at the earliest.
    package let leftAt: WALPosition
    /// What was stored last of what that way passes by.
    package internal(set) var newest: WALSegmentName
    /// When, in seconds since 1970.
    package internal(set) var stored: UInt32
}
