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
        self.archive = archive
        self.bases = bases
        self.options = options
        self.scratch = scratch
        self.installations = installations
        self.now = now
        self.progress = progress
        self.cancellation = cancellation
    }

    /// - Throws: ``Obstacle`` when the archive, or the location of the base backups, can't be listed.
    package func run() throws -> WALArchiveReport {
        var inspected = InspectedSegments()
        return try run(knowing: &inspected)
    }

    /// The same again, without another look at the segments that were found good before.
    package func run(knowing inspected: inout InspectedSegments) throws -> WALArchiveReport {
        var seconds = WALArchiveReport.Seconds()
        var listing = try timed(&seconds.listing) { try WALArchiveListing(archive) }
        try cancellation.check()
        timed(&seconds.analysis) { listing.sort() }
        var survey = ArchiveSurvey(archive, listing)
        try survey.readNotes(bases: bases)
        try timed(&seconds.analysis) { try survey.identify() }
        let lateAfter = UInt32(clamping: now.seconds - options.grace.components.seconds)
        var standings = timed(&seconds.analysis) { analysis(survey, lateAfter).standings(of: survey.bases) }
        survey.settleIdentity(standings)
        let census = try timed(&seconds.firstPages) { try inspect(survey, from: standings, lateAfter, &inspected) }
        if !census.unusable.isEmpty {
            survey.unusable = census.unusable
            standings = timed(&seconds.analysis) { analysis(survey, lateAfter).standings(of: survey.bases) }
        }
        standings = standings.map { survey.judgingCluster($0, census) }
        var report = WALArchiveReport(survey, standings)
        report.window = timed(&seconds.times) { window(survey, standings) }
        report.checks = WALArchiveVerdict(survey, standings, census, options).checks
        report.seconds = seconds
        return report
    }

    private func timed<Value>(_ seconds: inout Double, _ work: () throws -> Value) rethrows -> Value {
        let start = ContinuousClock.now
        defer { seconds += (ContinuousClock.now - start).totalSeconds }
        return try work()
    }

    private func analysis(_ survey: ArchiveSurvey, _ lateAfter: UInt32) -> WALArchiveAnalysis {
        WALArchiveAnalysis(
            survey.index, histories: survey.histories, lateAfter: lateAfter, unread: survey.unreadHistories)
    }

    /// The first pages of all segments from the oldest base backup on, the newest first where not all are wanted.
    private func inspect(
        _ survey: ArchiveSurvey, from standings: [BaseStanding], _ lateAfter: UInt32,
        _ inspected: inout InspectedSegments
    ) throws -> SegmentCensus {
        var census = SegmentCensus(
            SegmentInspector(source: archive, size: survey.identity.size), survey.listing, survey.histories,
            survey.identity, isWhole: options.isWhole,
            lateAfter: lateAfter)
        let wanted = survey.segments(from: standings, atMost: options.headers)
        progress.begin(.integrity, total: UInt64(wanted.count), unit: .items)
        defer { progress.end(.integrity) }
        inspected.begin(survey.identity.systemIdentifier)
        for (done, one) in wanted.enumerated() {
            try cancellation.check()
            if inspected.contains(one.segment, timeline: one.timeline) {
                census.pass()
            } else if census.inspect(one.segment, timeline: one.timeline) {
                inspected.insert(one.segment, timeline: one.timeline)
            }
            progress.advance(.integrity, to: UInt64(done + 1))
        }
        census.settle()
        inspected.keep(wanted)
        return census
    }

    private func window(_ survey: ArchiveSurvey, _ standings: [BaseStanding]) -> WALArchiveReport.Window {
        let complete = standings.filter { $0.state == .complete }
        guard let oldest = complete.first(where: \.isUnbroken) ?? complete.last else { return .init() }
        var window = WALArchiveReport.Window(start: oldest.isUnbroken ? oldest.base.stoppedAt : nil)
        guard options.readsTimes else {
            window.unknown = "the times of commits were not asked for"
            return window
        }
        progress.begin(.recovery, total: nil, unit: .items)
        defer { progress.end(.recovery) }
        do {
            window.end = try NewestCommit(
                survey: survey, scratch: scratch, installations: installations(), cancellation: cancellation
            ).find(oldest)
            // Whatever was committed while the base backup was made is in it when it is consistent.
            window.end = max(window.end, oldest.base.stoppedAt)
        } catch let obstacle as Obstacle {
            window.unknown = obstacle.message
        } catch {
            window.unknown = "\(error)"
        }
        return window
    }
}

/// The later of two moments, of which one may not be known.
private func max(_ left: Timestamp?, _ right: Timestamp?) -> Timestamp? {
    guard let left, let right else { return left ?? right }
    return left < right ? right : left
}
