import Backups

/// What an archive's standing means, as checks.
struct WALArchiveVerdict {
    /// So many lines of details are worth reading.
    private static let mostDetails = 20

    private let survey: ArchiveSurvey
    private let standings: [BaseStanding]
    private let census: SegmentCensus
    private let options: WALArchiveCheck.Options
    private let rival: RivalTimeline?

    init(
        _ survey: ArchiveSurvey, _ standings: [BaseStanding], _ census: SegmentCensus,
        _ options: WALArchiveCheck.Options, _ rival: RivalTimeline?
    ) {
        self.survey = survey
        self.standings = standings
        self.census = census
        self.options = options
        self.rival = rival
    }

    var checks: [Check] { [segments, headers] + timelines + notes }

    // MARK: Segments

    private var segments: Check {
        let name = "segments"
        let judged = standings.judged
        guard let main = judged.first else { return withoutBase(name) }
        let broken = judged.filter { !$0.isUnbroken }
        guard broken.isEmpty else { return gap(name, broken) }
        var message = "\(Quantity.count(main.present, "segment"))"
        if let newest = main.newest {
            message += " from \(first(main)) to \(newest), none missing since the oldest base backup"
        }
        for other in judged.dropFirst() {
            guard let newest = other.newest else { continue }
            message += "; \(Quantity.count(other.present)) from \(first(other)) to \(newest), another way"
        }
        let lateCount = judged.reduce(0) { $0 + $1.lateCount }
        if lateCount > 0 { message += "; \(Quantity.count(lateCount)) late" }
        return .verified(name, in: .recovery, message, details: judged.flatMap(late))
    }

    /// - Parameter broken: none of them is whole; the first is the one that matters most.
    private func gap(_ name: String, _ broken: [BaseStanding]) -> Check {
        var seen: Set<MissingSegments> = []
        let missing = broken.flatMap(\.missing).filter { seen.insert($0).inserted }
        let unlinked = Set(broken.flatMap(\.unlinked)).sorted()
        var details = missing.map { Self.text($0) } + unlinked.map { "\(WALSegmentName.digits($0)).history" }
        let more = details.count - Self.mostDetails
        details = Array(details.prefix(Self.mostDetails)) + (more > 0 ? ["… \(more) more gaps"] : [])
        let count = missing.reduce(0) { $0 + $1.count }
        let what =
            missing.isEmpty
            ? "the history of timeline \(unlinked.map { String($0) }.joined(separator: ", ")) is missing"
            : Quantity.count(count, "segment") + (count == 1 ? " is" : " are") + " missing or unusable"
        guard survey.isSizeKnown else {
            return .inconclusive(
                name, in: .recovery, .unsupportedFormat,
                "\(what), if segments are of 16 MiB: nothing says how large they are",
                hint: "Name the base backups with --base: a backup_label tells it.", details: details)
        }
        let reach = broken.first?.end.map { ": recovery ends at \($0.position) on timeline \($0.timeline)" } ?? ""
        let start = broken.first.map { " after \(first($0))" } ?? ""
        return .failed(
            name, in: .recovery, .walGap, "\(what)\(start)\(reach)",
            hint: "Take a base backup now. Then look for the files in pg_wal of the server and of its standbys.",
            details: details + broken.flatMap(late) + broken.flatMap(undated))
    }

    private func withoutBase(_ name: String) -> Check {
        let known = standings.filter { $0.state != .expired && $0.state != .foreign }
        if let waiting = known.last(where: { $0.state == .waiting }) {
            return .inconclusive(
                name, in: .recovery, .walBehind,
                "the archive has not come to the end of the base backup \(waiting.base.path) yet",
                hint: "Ask again in a while. Does the server archive? See pg_stat_archiver.", details: late(waiting))
        }
        guard let newest = known.last else {
            let isEmpty = survey.listing.segmentCount == 0
            return .inconclusive(
                name, in: .recovery, .noBaseBackup,
                isEmpty
                    ? "\(survey.archive.name) holds no segment" : "no base backup is known that this WAL belongs to",
                hint: survey.hasBaseLocation
                    ? "Is it the right location? A base backup is known by its backup_label or backup_manifest."
                    : "Name the location of the base backups with --base.")
        }
        return gap(name, [newest])
    }

    private func late(_ standing: BaseStanding) -> [String] {
        standing.late.prefix(Self.mostDetails).map { "late: \(Self.text($0))" }
    }

    private func undated(_ standing: BaseStanding) -> [String] {
        standing.undated.prefix(Self.mostDetails).map {
            "\(Self.text($0)): by its time what lies behind it was stored in the future, which says nothing of when"
        }
    }

    private func first(_ standing: BaseStanding) -> WALSegmentName {
        survey.index.name(standing.base.timeline, survey.index.size.number(at: standing.base.start))
    }

    static func text(_ missing: MissingSegments) -> String {
        WALArchiveReport.Segments(missing).text
    }

    // MARK: First pages

    private var headers: Check {
        let name = "first-pages"
        let flawed = relevant.sorted { ($0.name, $0.path) < ($1.name, $1.path) }
        if let worst = flawed.first(where: { $0.flaw.reason == .walForeign }) ?? flawed.first {
            var details = flawed.prefix(Self.mostDetails).map { "\($0.path) \($0.flaw.text)" }
            if flawed.count > details.count { details.append("… \(flawed.count - details.count) more") }
            let hint =
                worst.flaw.reason == .walForeign
                ? "Two servers write here, or the cluster was made anew: give each a place of its own, and take a base backup."
                : "Copy it again from pg_wal of the server or of a standby, if it is still there; take a base backup."
            let others = flawed.count > 1 ? ", and \(Quantity.count(UInt64(flawed.count - 1))) more can't be used" : ""
            return .failed(
                name, in: .integrity, worst.flaw.reason, "\(worst.path) \(worst.flaw.text)\(others)", hint: hint,
                details: details)
        }
        if let obstacle = census.obstacle, census.unread > 0 {
            return .inconclusive(
                name, in: .integrity, obstacle.reason,
                "\(Quantity.count(census.unread, "segment")) could not be looked at: \(obstacle.message)",
                hint: obstacle.hint)
        }
        guard census.inspected > 0 else {
            return .inconclusive(name, in: .integrity, .stoppedEarly, "no segment was looked at")
        }
        let owner = census.identity.systemIdentifier.map { ", all of the cluster \($0)" } ?? ""
        let how = options.isWhole ? "unpacked to the end" : "looked at"
        let unfinished = UInt64(census.unfinished.count)
        let writing = unfinished > 0 ? "; \(Quantity.count(unfinished)) still being written" : ""
        let spoiled =
            census.spoiled > 0 ? "; \(Quantity.count(census.spoiled)) damaged, of which a good copy is there" : ""
        return .verified(
            name, in: .integrity, "\(Quantity.count(census.inspected, "segment")) \(how)\(owner)\(writing)\(spoiled)")
    }

    /// What lies before the oldest base backup that counts is nobody's concern, nor what no recovery asks for: the last segment of a
    /// server that died is often cut, and the timeline that follows has its own. Who writes into the archive beside the server is.
    private var relevant: [FlawedSegment] {
        let counting = standings.filter { $0.state != .expired && $0.state != .foreign }
        let start = (counting.first { $0.state == .complete } ?? counting.first).map {
            survey.index.size.number(at: $0.base.start)
        }
        let ways = standings.judged.map { survey.histories[$0.target] ?? TimelineHistory(root: $0.target) }
        return census.flawed.filter { flawed in
            guard let number = flawed.name.number(survey.index.size), number >= start ?? 0 else { return false }
            return flawed.flaw.reason == .walForeign || ways.isEmpty
                || ways.contains { $0.owner(of: number, survey.index.size) == flawed.name.timeline }
        }
    }

    // MARK: Timelines

    /// Nothing is missing, and still nobody knows what a recovery brings back until it is told which timeline counts.
    private var timelines: [Check] {
        guard let rival, let followed = standings.judged.first?.target else { return [] }
        return [
            .inconclusive(
                "timelines", in: .recovery, .targetNotReached,
                "recovery follows timeline \(followed), the newest, while timeline \(rival.timeline), which that left at "
                    + "\(rival.leftAt), is still written to: \(rival.newest) came later", hint: rival.hint)
        ]
    }

    // MARK: Notes

    /// What could not be read beside the segments.
    private var notes: [Check] {
        guard let first = survey.problems.first else { return [] }
        return [
            .inconclusive(
                "notes", in: .recovery, .unreadable,
                survey.problems.count == 1 ? first : "\(survey.problems.count) files can't be read: \(first)",
                details: Array(survey.problems.prefix(Self.mostDetails)))
        ]
    }
}
