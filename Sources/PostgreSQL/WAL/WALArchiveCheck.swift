package import Backups
import Integrity

/// Checks an archive of the write-ahead log: lists it, follows its timelines from each base backup to the newest segment,
/// looks at the first page of the segments that count, and reads when the newest transaction was committed.
package struct WALArchiveCheck {
    package struct Options: Sendable {
        /// A hole whose later neighbour was stored more lately than this is no gap yet.
        package var grace: Duration = .seconds(600)
        /// Look at the first pages of at most this many segments, the newest; `nil` for all that count.
        package var headers: UInt64?
        /// Unpack every segment that is looked at to its end.
        package var isWhole = false
        /// Read the times of commits.
        package var readsTimes = true
        /// Between two listings of all of an archive in object storage, where looks follow each other.
        package var sweep: Duration = .seconds(3600)
        /// Segments of each timeline that a look in between lists again. A page of a listing has 1,000 names.
        var overlap = 500

        package init() {}
    }

    private let archive: any WALArchiveSource
    private let bases: (any WALArchiveSource)?
    private let options: Options
    private let scratch: ScratchConfiguration
    private let installations: @Sendable () -> Installations
    private let now: Timestamp
    private let progress: any ProgressObserver
    private let cancellation: Cancellation

    /// - Parameters:
    ///   - bases: where base backups lie; without it those count whose notes the archive holds.
    ///   - scratch: where segments are unpacked for `pg_waldump`.
    package init(
        archive: any WALArchiveSource, bases: (any WALArchiveSource)?, options: Options = Options(),
        scratch: ScratchConfiguration, installations: @escaping @Sendable () -> Installations, now: Timestamp,
        progress: any ProgressObserver = SilentProgress(), cancellation: Cancellation = Cancellation()
    ) {
        self.archive = ObservedArchive(archive.ended(by: cancellation), progress)
        self.bases = bases.map { ObservedArchive($0.ended(by: cancellation), progress) }
        self.options = options
        self.scratch = scratch
        self.installations = installations
        self.now = now
        self.progress = progress
        self.cancellation = cancellation
    }

    /// - Throws: ``Obstacle`` when the archive, or the location of the base backups, can't be listed.
    package func run() throws -> WALArchiveReport {
        var memory = ArchiveMemory()
        return try run(knowing: &memory)
    }

    /// The same again: without another look at the segments that were found good before and, where the store can begin a
    /// listing in the middle, with a listing of what is new. What is not well is said of a listing of everything alone.
    package func run(knowing memory: inout ArchiveMemory) throws -> WALArchiveReport {
        var seconds = WALArchiveReport.Seconds()
        if archive.resumes, let former = memory.resumption(at: now, every: options.sweep, overlap: options.overlap),
            let listing = try timed(&seconds.listing, { try former.listing(of: archive) })
        {
            let report = try look(at: listing, seconds, &memory)
            if report.isWithoutGap {
                memory.note(resumed: listing)
                return report
            }
        }
        var listing = try timed(&seconds.listing) { try WALArchiveListing(archive) }
        timed(&seconds.analysis) { listing.sort() }
        memory.note(swept: listing, at: now, resumes: archive.resumes)
        return try look(at: listing, seconds, &memory)
    }

    private func look(
        at listing: WALArchiveListing, _ spent: WALArchiveReport.Seconds, _ memory: inout ArchiveMemory
    ) throws -> WALArchiveReport {
        try cancellation.check()
        var seconds = spent
        var survey = ArchiveSurvey(archive, listing)
        try survey.readNotes(bases: bases, knowing: &memory.notes)
        try timed(&seconds.analysis) { try survey.identify() }
        let late = LateSpan(now: now, grace: options.grace)
        var standings = timed(&seconds.analysis) { analysis(survey, late).standings(of: survey.bases) }
        survey.settleIdentity(standings)
        let census = try timed(&seconds.firstPages) {
            try inspect(survey, from: standings, late, &memory.inspected)
        }
        survey.inspected = memory.inspected
        if !census.unusable.isEmpty {
            survey.unusable = census.unusable
            standings = timed(&seconds.analysis) { analysis(survey, late).standings(of: survey.bases) }
        }
        standings = standings.map { survey.judgingCluster($0, census) }
        var report = WALArchiveReport(survey, standings)
        report.window = timed(&seconds.times) { window(survey, standings, &memory.commits) }
        let rival = timed(&seconds.analysis) { self.rival(survey, standings, late) }
        report.rivalTimelines = rival.map { [$0.timeline] } ?? []
        report.checks = WALArchiveVerdict(survey, standings, census, options, rival).checks
        report.seconds = seconds
        return report
    }

    /// A timeline that goes on beside the one to which a recovery from these base backups leads.
    private func rival(_ survey: ArchiveSurvey, _ standings: [BaseStanding], _ late: LateSpan) -> RivalTimeline? {
        standings.judged.lazy.compactMap { standing in
            let way = survey.histories[standing.target] ?? TimelineHistory(root: standing.target)
            return survey.listing.rival(
                along: way, from: standing.base.start, survey.identity.size, late: late, grace: options.grace)
        }.first
    }

    private func timed<Value>(_ seconds: inout Double, _ work: () throws -> Value) rethrows -> Value {
        let start = ContinuousClock.now
        defer { seconds += (ContinuousClock.now - start).totalSeconds }
        return try work()
    }

    private func analysis(_ survey: ArchiveSurvey, _ late: LateSpan) -> WALArchiveAnalysis {
        WALArchiveAnalysis(
            survey.index, histories: survey.histories, late: late, unread: survey.unreadHistories)
    }

    /// The first pages of all segments from the oldest base backup on, the newest first where not all are wanted.
    private func inspect(
        _ survey: ArchiveSurvey, from standings: [BaseStanding], _ late: LateSpan,
        _ inspected: inout InspectedSegments
    ) throws -> SegmentCensus {
        var census = SegmentCensus(survey.listing, survey.histories, survey.identity, late: late)
        let wanted = survey.segments(from: standings, atMost: options.headers)
        progress.begin(.integrity, total: UInt64(wanted.count), unit: .items)
        defer { progress.end(.integrity) }
        inspected.begin(survey.identity.systemIdentifier)
        let copies = wanted.map { survey.listing.copy($0.segment, timeline: $0.timeline) }
        let new = zip(wanted, copies).filter { !inspected.contains($1) }.map(\.0)
        for _ in new.count..<wanted.count { census.pass() }
        var done = UInt64(wanted.count - new.count)
        let inspections = SegmentInspections(
            inspector: SegmentInspector(source: archive, size: survey.identity.size), listing: survey.listing,
            isWhole: options.isWhole, rules: census.rules, cancellation: cancellation)
        try inspections.run(new) { stored, finding in
            if census.note(finding, of: stored.segment, timeline: stored.timeline) {
                inspected.insert(survey.listing.copy(stored.segment, timeline: stored.timeline))
            }
            done += 1
            progress.advance(.integrity, to: done)
        }
        census.settle()
        census.excuse { name in
            survey.listing.stored(name).contains {
                inspected.contains(survey.listing.copy($0, timeline: name.timeline))
            }
        }
        inspected.keep(copies)
        return census
    }

    private func window(
        _ survey: ArchiveSurvey, _ standings: [BaseStanding], _ commits: inout KnownCommits
    ) -> WALArchiveReport.Window {
        let judged = standings.judged
        let target = judged.first { $0.state == .complete }?.target
        // Others get back to a branch that was left.
        let complete = standings.filter { $0.state == .complete && $0.target == target }
        guard let oldest = complete.first(where: \.isUnbroken) ?? complete.last else { return .init() }
        let isWhole = oldest.isUnbroken && judged.first?.target == target
        var window = WALArchiveReport.Window(start: isWhole ? oldest.base.stoppedAt : nil)
        guard options.readsTimes else {
            window.unknown = "the times of commits were not asked for"
            return window
        }
        progress.begin(.recovery, total: nil, unit: .items)
        defer { progress.end(.recovery) }
        let commit = NewestCommit(
            survey: survey, scratch: scratch, installations: installations(), cancellation: cancellation)
        do {
            window.newestCommit = try commit.find(oldest, knowing: &commits)
        } catch {
            window.unknown = (error as? Obstacle)?.message ?? "\(error)"
            window.newestCommit = commit.foundEarlier(oldest, in: commits)
        }
        // Where nothing of the log was ever read, nobody knows that it can be.
        guard window.unknown == nil || window.newestCommit != nil else { return window }
        // Whatever was committed while a base backup was made is in it when it is consistent.
        window.end = (complete.compactMap(\.base.holdsUntil) + [window.newestCommit].compactMap(\.self)).max()
        if window.end == nil { window.unknown = window.unknown ?? "the newest segments hold no commit" }
        return window
    }
}

extension WALArchiveReport {
    /// From no base backup on anything is missing.
    fileprivate var isWithoutGap: Bool { verdict == .verified && bases.allSatisfy(\.missing.isEmpty) }
}
