package import Backups
package import Settings

/// Which base backup a drill takes, and how far it recovers. The daemon and `restorable drill --config` share it.
package struct DrillChoice: Sendable, Equatable {
    package let base: CatalogBackup
    package let target: RecoveryTarget
    /// Why the target is another one than was asked for: one sentence without its full stop; `nil` where it is not.
    package var note: String?

    init(base: CatalogBackup, target: RecoveryTarget, note: String? = nil) {
        self.base = base
        self.target = target
        self.note = note
    }

    /// - Parameters:
    ///   - backups: those that are complete, the oldest first.
    ///   - archive: as it was found at the last look; `nil` where it was not looked at.
    /// - Throws: ``Obstacle`` `no-backup` where there is none, `target-not-reached` where none lies before the target.
    package static func choose(
        _ target: DrillSettings.Target, among backups: [CatalogBackup], in archive: WALArchiveFacts?,
        using generator: inout some RandomNumberGenerator
    ) throws -> DrillChoice {
        let backups = LeadingBases(known: archive?.bases ?? []).of(backups, mustBeComplete: target == .random)
        guard let newest = backups.last else {
            throw Obstacle(
                .noBackup, "there is no base backup to recover from",
                hint: "Look at the job that makes the base backups, and at backups.match.")
        }
        switch target {
        case .fixed(.time(let time)):
            guard let base = newestBase(of: backups, before: time) else {
                throw Obstacle(
                    .targetNotReached, "no base backup was finished before \(RecoveryTarget.time(time))",
                    hint: "Choose a later target, or bring back an older base backup.")
            }
            return DrillChoice(base: base, target: .time(time))
        // Of a place, a transaction and a name nobody can tell here where they lie.
        case .fixed(let other): return DrillChoice(base: newest, target: other)
        case .random: return random(among: backups, newest, in: archive?.window, using: &generator)
        }
    }

    /// Another point may lie beyond what is broken, and would take back a failure that nobody mended: it is drilled again
    /// until it is verified, or its base backup is gone, or leads nowhere since a promotion.
    package static func again(
        _ drills: DrillRecord, among backups: [CatalogBackup], in archive: WALArchiveFacts?
    ) -> DrillChoice? {
        let leading = LeadingBases(known: archive?.bases ?? []).of(backups, mustBeComplete: false)
        guard drills.status == .failed, let failed = drills.deciding,
            let target = try? RecoveryTarget(failed.facts.target),
            let base = leading.last(where: { $0.identity.name == failed.base && $0.canReach(target) })
        else { return nil }
        return DrillChoice(
            base: base, target: target, note: "the drill that failed is made once more, to the same point")
    }

    /// A gap leaves no window, and then the end of the archive is what shows it: a drill that waited for the gap to close would
    /// say nothing of it.
    private static func random(
        among backups: [CatalogBackup], _ newest: CatalogBackup, in window: WALArchiveReport.Window?,
        using generator: inout some RandomNumberGenerator
    ) -> DrillChoice {
        guard let span = span(of: backups, in: window) else {
            let idle = window?.start != nil && window?.unknown == nil
            let why =
                idle ? ": nothing was committed since its first base backup" : window?.unknown.map { ": \($0)" } ?? ""
            return DrillChoice(
                base: newest, target: .latest,
                note: "the archive has no window to choose a point from\(why); recovering to its end")
        }
        let point = Timestamp(microseconds: Int64.random(in: span, using: &generator))
        // One lies before each point of the span.
        return DrillChoice(base: newestBase(of: backups, before: point) ?? newest, target: .time(point))
    }

    /// From the end of the oldest base backup that nothing is missing from on, to just before the newest commit: PostgreSQL knows
    /// that a time is reached when it comes to a later commit.
    private static func span(of backups: [CatalogBackup], in window: WALArchiveReport.Window?) -> Range<Int64>? {
        // Archives tell the ends of base backups to the second.
        guard let start = window?.start, let end = window?.newestCommit,
            let oldest = backups.filter({ $0.completedAt.seconds >= start.seconds }).map(\.completedAt).min()
        else { return nil }
        let from = max(start, oldest).roundedUp
        return from < end ? from.microseconds..<end.microseconds : nil
    }

    private static func newestBase(of backups: [CatalogBackup], before time: Timestamp) -> CatalogBackup? {
        backups.filter { $0.completedAt <= time }.max { $0.completedAt < $1.completedAt }
    }
}

extension CatalogBackup {
    /// Where each base backup lies in a directory of its own, all may have one name: later ones do not come back to the time.
    fileprivate func canReach(_ target: RecoveryTarget) -> Bool {
        if case .time(let time) = target { completedAt <= time } else { true }
    }
}

extension Timestamp {
    /// To whole seconds: clocks of files and of servers are not compared to less.
    fileprivate var roundedUp: Timestamp {
        microseconds == seconds * 1_000_000 ? self : Timestamp(seconds: seconds + 1)
    }
}
