package import Backups

/// The moments at which what was stored may have overtaken what comes before it: archivers upload side by side, so that a hole
/// before it may be filled yet, and what is cut may still be written.
///
/// A time that has not come yet says nothing of when that was: the clock of a file server, or a local time that was taken for
/// UTC. It would hold a gap back until it comes.
package struct LateSpan: Sendable, Equatable {
    /// Nothing is on its way.
    package static let none = LateSpan(after: .max)

    /// What clocks may differ by, in seconds, where the grace is shorter.
    static let least: Int64 = 600

    /// In seconds since 1970; itself excluded.
    package let after: UInt32
    /// In seconds since 1970; itself included.
    package let until: UInt32

    package init(after: UInt32, until: UInt32 = .max) {
        self.after = after
        self.until = until
    }

    package init(now: Timestamp, grace: Duration) {
        after = UInt32(clamping: now.seconds - grace.components.seconds)
        until = UInt32(clamping: now.seconds + Self.tolerance(grace))
    }

    /// How far two clocks are taken for one, in seconds.
    static func tolerance(_ grace: Duration) -> Int64 { max(least, grace.components.seconds) }

    /// - Parameter stored: in seconds since 1970.
    package func contains(_ stored: UInt32) -> Bool { stored > after && isDated(stored) }

    /// Whether a time tells anything.
    func isDated(_ stored: UInt32) -> Bool { stored <= until }
}
