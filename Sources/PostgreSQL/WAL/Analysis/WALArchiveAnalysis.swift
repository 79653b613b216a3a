import Backups

/// Which base backups an archive can bring back, and how far: from the names of its segments alone.
///
/// For each segment that recovery asks for, only the file of the timeline that holds all of it counts
/// (``TimelineHistory/owner(of:_:)``): so the last segment of a timeline that was left is never missed, because its copy on
/// the new one holds the same, and timelines that were left within one segment need none of their own. What others report
/// as a gap there (wal-g/wal-g#1390) is none.
package struct WALArchiveAnalysis: Sendable {
    let index: WALArchiveIndex
    /// Of every timeline whose history is known.
    let histories: [UInt32: TimelineHistory]
    /// A hole whose later neighbour was stored then is no gap yet: archivers upload side by side.
    let late: LateSpan
    /// Timelines whose history is there, and could not be read: that it leads nowhere is not known.
    let unread: Set<UInt32>

    package init(
        _ index: WALArchiveIndex, histories: [UInt32: TimelineHistory], late: LateSpan = .none,
        unread: Set<UInt32> = []
    ) {
        self.index = index
        self.histories = histories
        self.late = late
        self.unread = unread
    }

    /// A part of the way: segments of one timeline.
    private struct Leg {
        let timeline: UInt32
        var range: Range<UInt64>
    }

    /// In the order of `bases`.
    package func standings(of bases: [BaseBackup]) -> [BaseStanding] { bases.map(standing) }

    package func standing(of base: BaseBackup) -> BaseStanding {
        let target = target(for: base)
        let start = index.size.number(at: base.start)
        let way = way(from: start, along: history(target))
        var standing = BaseStanding(base: base, state: .complete, target: target)
        standing.unlinked = unlinked(from: start, beyond: target)
        let latest = latest(from: base.timeline)
        if latest != target { standing.misleadingLatest = latest }
        for (position, leg) in way.legs.enumerated() {
            let runs = index.runs(leg.timeline)
            standing.present += runs.count(in: leg.range)
            for hole in runs.holes(in: leg.range) {
                let missing = MissingSegments(
                    first: index.name(leg.timeline, hole.range.lowerBound),
                    last: index.name(leg.timeline, hole.range.upperBound - 1), count: UInt64(hole.range.count))
                let behind = hole.nextModified ?? firstModified(way.legs[(position + 1)...])
                if let behind, late.contains(behind) {
                    standing.late.append(missing)
                } else {
                    standing.missing.append(missing)
                    if let behind, !late.isDated(behind) { standing.undated.append(missing) }
                }
                if standing.end == nil {
                    standing.end = WALEnd(
                        timeline: leg.timeline, position: index.size.start(of: hole.range.lowerBound))
                }
            }
            if let last = index.runs(leg.timeline).last(in: leg.range) {
                standing.newest = index.name(leg.timeline, last)
            }
        }
        if standing.end == nil { standing.end = way.end }
        // Not even the first segment is there.
        if let end = standing.end, end.position < base.start || standing.present == 0 { standing.end = nil }
        standing.state = state(of: standing, start: start)
        return standing
    }

    private func history(_ timeline: UInt32) -> TimelineHistory {
        histories[timeline] ?? TimelineHistory(root: timeline)
    }

    // MARK: Timelines

    /// The newest timeline that is there, and that recovery from `base` can follow: both ends of the base backup must lie
    /// on the way to it.
    private func target(for base: BaseBackup) -> UInt32 {
        let known = Set(histories.keys).union(index.timelines.keys).filter { $0 > base.timeline }
        let reachable = known.filter { timeline in
            let history = history(timeline)
            return history.timeline(at: base.start) == base.timeline
                && history.timeline(at: base.lastNeeded) == stopTimeline(of: base)
        }
        return reachable.max() ?? base.timeline
    }

    /// A base backup that was taken from a standby may have seen a promotion: then its end is on a later timeline.
    private func stopTimeline(of base: BaseBackup) -> UInt32 { base.stopTimeline ?? base.timeline }

    /// As `findNewestTimeLine` in PostgreSQL's `timeline.c` looks: one after the other, until a history is not there.
    private func latest(from timeline: UInt32) -> UInt32 {
        var latest = timeline
        while latest < .max, histories[latest + 1] != nil { latest += 1 }
        return latest
    }

    /// Timelines with segments at or after `start` to which no history leads: recovery stops before them, and says nothing.
    private func unlinked(from start: UInt64, beyond target: UInt32) -> [UInt32] {
        index.timelines.keys.filter { timeline in
            guard timeline > target, histories[timeline] == nil, !unread.contains(timeline) else { return false }
            let runs = index.runs(timeline)
            guard let last = runs.last, last >= start, let begun = runs.runs.first?.firstModified else { return false }
            return !late.contains(begun)
        }.sorted()
    }

    // MARK: The way

    /// From segment `start` to the newest, and where its replay ends if nothing is missing.
    private func way(from start: UInt64, along history: TimelineHistory) -> (legs: [Leg], end: WALEnd) {
        var legs: [Leg] = []
        var next = start
        for change in history.switches {
            let boundary = index.size.number(at: change.position)
            guard boundary > next else { continue }
            legs.append(Leg(timeline: change.timeline, range: next..<boundary))
            next = boundary
        }
        var leg = Leg(timeline: history.timeline, range: next..<UInt64.max)
        // A timeline that has nothing yet does not make the one before it incomplete.
        while index.runs(leg.timeline).last(in: leg.range) == nil, let before = legs.popLast() { leg = before }
        let boundary = leg.range.upperBound
        let newest = index.runs(leg.timeline).last(in: leg.range)
        leg.range = leg.range.lowerBound..<(newest.map { $0 + 1 } ?? leg.range.lowerBound)
        let end = leg.range.upperBound == boundary ? closing(boundary, history) : nil
        return (
            legs + [leg],
            end ?? WALEnd(timeline: leg.timeline, position: index.size.start(of: leg.range.upperBound))
        )
    }

    /// Where a timeline was left within segment `number`, and its own last segment is all there is of it, whole or as
    /// `.partial`: that one can be replayed up to the switch.
    private func closing(_ number: UInt64, _ history: TimelineHistory) -> WALEnd? {
        let change = history.switches.last { change in
            guard index.size.number(at: change.position) == number else { return false }
            return index.runs(change.timeline).contains(number)
                || index.partials.contains(index.name(change.timeline, number))
        }
        return change.map { WALEnd(timeline: $0.timeline, position: $0.position) }
    }

    /// When the first segment of these was stored.
    private func firstModified(_ legs: ArraySlice<Leg>) -> UInt32? {
        for leg in legs {
            if let run = index.runs(leg.timeline).firstRun(in: leg.range) { return run.firstModified }
        }
        return nil
    }

    // MARK: Judging

    private func state(of standing: BaseStanding, start: UInt64) -> WALArchiveReport.Base.State {
        let base = standing.base
        let stop = index.size.number(at: base.lastNeeded)
        if base.origin == .archive, index.runs(base.timeline).first.map({ start < $0 }) ?? true { return .expired }
        if standing.missing.contains(where: { number(of: $0.first) <= stop }) { return .incomplete }
        if standing.late.contains(where: { number(of: $0.first) <= stop }) { return .waiting }
        guard let newest = standing.newest, number(of: newest) >= stop else { return .waiting }
        return .complete
    }

    private func number(of name: WALSegmentName) -> UInt64 { index.size.number(high: name.high, low: name.low) }
}
