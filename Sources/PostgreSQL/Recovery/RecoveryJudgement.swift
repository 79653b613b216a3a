package import Backups

/// Whether a recovery came to where it was asked to go, and if not, who is to blame. Pure.
package struct RecoveryJudgement {
    package let target: RecoveryTarget
    package let account: RecoveryAccount
    /// The timelines that were gone through, and where each was left: the recovered server's own.
    package let history: TimelineHistory
    /// What the archive held when the recovery began.
    package let archived: ArchivedSegments
    package let size: WALSegmentSize
    /// A timeline was named: newer ones do not matter.
    package let isOnNamedTimeline: Bool
    /// What the archive held when the recovery had ended, where that was looked at.
    package var since: ArchivedSegments?
    /// What was stored then may have been overtaken by what comes before it.
    package var late = LateSpan.none
    /// How long files of the archive may be on their way, for messages.
    package var grace = WALArchiveCheck.Options().grace
    /// Where the base backup began, as its label has it.
    package var labelStart: WALPosition?

    package init(
        _ target: RecoveryTarget, _ account: RecoveryAccount, history: TimelineHistory, archived: ArchivedSegments,
        size: WALSegmentSize, isOnNamedTimeline: Bool
    ) {
        self.target = target
        self.account = account
        self.history = history
        self.archived = archived
        self.size = size
        self.isOnNamedTimeline = isOnNamedTimeline
    }

    static let name = "target"

    /// Where it ended: the first byte that was not replayed.
    private var end: WALPosition? { history.parent?.position }
    /// Where recovery began to read, or would have.
    var start: WALPosition? { account.redoStart ?? labelStart }
    /// The timelines that were gone through, without the one that the server began by itself.
    var way: TimelineHistory {
        TimelineHistory(
            timeline: history.parent?.timeline ?? history.timeline, switches: Array(history.switches.dropLast()))
    }
    var lastCommit: String {
        account.lastTransaction.map { "; the last transaction in it is of \($0)" }
            ?? "; no transaction in it says its time"
    }

    /// Of a server that ended recovery and accepts connections.
    package func check() -> Check {
        guard let end else {
            return .inconclusive(
                Self.name, in: .recovery, .internalError, "the recovered server does not say where its recovery ended")
        }
        if let stop = account.stop {
            return unfollowed(before: end) ?? rivalry(before: end)
                ?? .verified(Self.name, in: .recovery, "recovered to \(target): stopped \(stop)")
        }
        if let flaw = flaw(before: end) { return flaw }
        guard target == .latest else {
            return .inconclusive(
                Self.name, in: .recovery, .internalError, "the server does not say that it came to \(target)")
        }
        return unlisted ?? emptiness ?? unseen(end) ?? rivalry(before: end)
            ?? .verified(Self.name, in: .recovery, "recovered to the end of the archive, \(end)\(lastCommit)")
    }

    /// The end of the log looks like a gap in it, where nobody can tell what the archive holds.
    private var unlisted: Check? {
        guard !archived.isListed, let end else { return nil }
        return .inconclusive(
            Self.name, in: .recovery, .targetNotReached,
            "recovery ended at \(end), where the archive gave no more: whether more is there can't be told, for it can't be "
                + "listed\(lastCommit)",
            hint: "Name a command that prints the names of its files, list_wal: docs/tools.md.")
    }

    /// What was replayed came from the archive, and its listing does not go so far: a gap behind it would not be seen either.
    private func unseen(_ end: WALPosition) -> Check? {
        guard let newest = archived.newest(along: history, size), size.number(before: end) > newest else { return nil }
        // Segments that came while it was recovered: the archive is looked at once more.
        if let since, let last = since.newest(along: history, size), last >= size.number(before: end) { return nil }
        return .inconclusive(
            Self.name, in: .recovery, since == nil ? .unexplainedError : .targetNotReached,
            "recovery ended at \(end), and the listing of the archive ends with segment \(name(newest)), before that: whether more "
                + "is there can't be told\(lastCommit)",
            hint: "Are there files in the archive under names that are not known here? restorable wal tells.")
    }

    /// An archive that does not come to where the base backup ends was not tried: what was replayed came with the backup.
    private var emptiness: Check? {
        guard let consistent = account.consistentAt ?? account.redoStart else { return nil }
        let newest = archived.newest(along: history, size)
        guard newest.map({ $0 < size.number(before: consistent) }) ?? true else { return nil }
        return .inconclusive(
            Self.name, in: .recovery, .walBehind,
            "the archive \(newest.map { "ends with segment \(name($0)), before" } ?? "holds no segment that goes on from") the "
                + "end of the base backup, \(consistent): only the log that came with the backup was replayed",
            hint: "Is it this cluster's archive? Look at the archiver: pg_stat_archiver, the server's log.")
    }

    /// What keeps a recovery that ended at `end`, for want of more to replay, from having come to the end of the archive;
    /// `nil` when it has.
    package func flaw(before end: WALPosition) -> Check? {
        if let flaw = missingHistory() { return flaw }
        guard let newest = archived.newest(along: history, size) else { return nil }
        let reached = size.number(before: end)
        if let vanished = vanished(behind: reached, newest) { return vanished }
        if reached < newest {
            let missing = (reached + 1...newest).first { !archived.names.contains(segment($0)) }
            if let missing { return gap(missing, newest) }
            // What it ended in may have come with the base backup, or be the older timeline's part of it.
            if !archived.names.contains(segment(reached)) { return gap(reached, newest) }
        }
        if let damage = damage(at: end, reached: reached, newest: newest) { return damage }
        guard reached < newest else { return nil }
        return .inconclusive(
            Self.name, in: .recovery, .unexplainedError,
            "recovery ended at \(end), though the archive goes on to segment \(name(newest))",
            hint: "Try --to with a moment before the last transaction; and please report it.")
    }

    /// The segment that recovery looks for there: of the newest timeline that has the place.
    func segment(_ number: UInt64) -> WALSegmentName {
        WALSegmentName(timeline: way.owner(of: number, size), number: number, size: size)
    }

    func name(_ number: UInt64) -> String { segment(number).description }
}
