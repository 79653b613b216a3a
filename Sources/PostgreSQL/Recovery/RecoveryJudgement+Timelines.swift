import Backups

/// Whether the timeline that was followed is the one that counts.
extension RecoveryJudgement {
    /// PostgreSQL looks for histories one number after the other, and takes the last before the first that is missing.
    /// - Parameter last: what newer timelines hold behind this segment does not matter.
    func missingHistory(upTo last: UInt64 = .max) -> Check? {
        guard let (followed, first) = unfollowedTimeline(upTo: last) else { return nil }
        let newest = first.timeline
        let known = archived.histories
        if let missing = (followed + 1...newest).first(where: { !known.contains($0) }), missing < newest,
            known.contains(newest)
        {
            return .inconclusive(
                Self.name, in: .recovery, .targetNotReached,
                "the archive goes on to timeline \(newest), and PostgreSQL does not look for it behind timeline "
                    + "\(followed): \(WALSegmentName.digits(missing)).history is missing",
                hint:
                    "Name the timeline that you want with --timeline; and copy the .history files of pg_wal of the server, or "
                    + "of a standby, into the archive.")
        }
        let path = "\(WALSegmentName.digits(newest)).history"
        if known.contains(newest) || since?.histories.contains(newest) == true {
            return .inconclusive(
                Self.name, in: .recovery, .targetNotReached,
                "the archive goes on to timeline \(newest), and recovery ended on timeline \(followed): \(path) came "
                    + "meanwhile, or is of another branch",
                hint: "Drill again, or name the timeline that you want with --timeline.")
        }
        if archived.isStored(first, in: late) {
            return .inconclusive(
                Self.name, in: .recovery, .walBehind,
                "\(path) is not in the archive yet, and the first segment of that timeline came less than "
                    + "\(Quantity.duration(seconds: grace.totalSeconds)) ago",
                hint: Self.archiver)
        }
        return .failed(
            Self.name, in: .recovery, .walGap,
            "the archive holds segments of timeline \(newest), and recovery found its way to timeline \(followed) only: "
                + "\(path) is missing", hint: Self.copyHistories)
    }

    private static let copyHistories =
        "Copy the .history files of pg_wal of the server, or of a standby, into the archive; or name the timeline that you want "
        + "with --timeline."

    /// The timeline that recovery ended on, and the first segment of the newest one that it did not come to.
    private func unfollowedTimeline(upTo last: UInt64) -> (followed: UInt32, first: WALSegmentName)? {
        let begun = start.map { size.number(at: $0) } ?? 0
        guard !isOnNamedTimeline, let followed = history.parent?.timeline,
            let first = archived.newestTimeline(from: begun, to: last, size), first.timeline > followed
        else { return nil }
        return (followed, first)
    }

    /// Of a target that was reached at `end`: whether a newer timeline had left the way there before, whose history is not found. What
    /// was replayed then is of a branch that was left. Where the base backup is consistent does not depend on that.
    func unfollowed(before end: WALPosition) -> Check? {
        guard target != .immediate else { return nil }
        let reached = size.number(before: end)
        guard let check = missingHistory(upTo: reached) else { return nil }
        guard check.verdict == .failed, let first = unfollowedTimeline(upTo: reached)?.first,
            first.number(size) == reached
        else { return check }
        return .inconclusive(
            Self.name, in: .recovery, .targetNotReached,
            "\(target) lies in the segment in which timeline \(first.timeline) begins, and its history is missing: whether that "
                + "left the way before or behind can't be told", hint: Self.copyHistories)
    }

    /// The newest timeline was followed, and an older one that it left goes on beside it: nobody can tell which of the two is
    /// production's.
    func rivalry(before end: WALPosition) -> Check? {
        guard !isOnNamedTimeline, target != .immediate, let start,
            let rival = archived.rival(along: way, from: start, size, late: late, grace: grace),
            // What lies before the place where they part is the same on both.
            target == .latest || end > rival.leftAt
        else { return nil }
        return .inconclusive(
            Self.name, in: .recovery, .targetNotReached,
            "recovery followed timeline \(way.timeline), the newest, while timeline \(rival.timeline), which that left at "
                + "\(rival.leftAt), is still written to: \(rival.newest) came later\(lastCommit)",
            hint: rival.hint)
    }
}

extension RivalTimeline {
    /// What to do about it.
    var hint: String {
        "Which of them is production's? On the bad day recovery_target_timeline = latest takes the newest, without a word. If "
            + "production is on timeline \(timeline), a restored copy was promoted and archived here: take its files out of the "
            + "archive, the .history first, and name the timeline (--timeline \(timeline)) until then. Else end the server that "
            + "still writes timeline \(timeline)."
    }
}
