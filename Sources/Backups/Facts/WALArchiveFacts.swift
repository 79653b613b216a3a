/// What was found in the archive of a database's write-ahead log when it was last looked at.
package struct WALArchiveFacts: Sendable, Equatable {
    /// It could be listed at the last attempt; while it can't, the rest stays as last known.
    package var isUp: Bool
    /// Why it could not.
    package var problem: String?
    /// When it was last listed.
    package var checkedAt: Timestamp?
    /// As `restorable wal` says it.
    package var verdict: Verdict?
    /// Why it is not verified.
    package var reason: Reason?
    package var message: String?
    package var hint: String?
    /// Segments that are missing, or can't be replayed, since the oldest base backup that can be made consistent; `nil` where
    /// no base backup tells from where on they count, or nothing how large they are.
    package var missingSegments: UInt64?
    /// The first of them.
    package var firstMissing: WALArchiveReport.Segments?
    package var newestSegment: String?
    package var window: WALArchiveReport.Window
    /// The base backups that it knows of.
    package var bases: [Base] = []

    package init(
        isUp: Bool, problem: String? = nil, checkedAt: Timestamp? = nil, verdict: Verdict? = nil,
        reason: Reason? = nil, message: String? = nil, hint: String? = nil, missingSegments: UInt64? = nil,
        firstMissing: WALArchiveReport.Segments? = nil, newestSegment: String? = nil,
        window: WALArchiveReport.Window = .init()
    ) {
        self.isUp = isUp
        self.problem = problem
        self.checkedAt = checkedAt
        self.verdict = verdict
        self.reason = reason
        self.message = message
        self.hint = hint
        self.missingSegments = missingSegments
        self.firstMissing = firstMissing
        self.newestSegment = newestSegment
        self.window = window
    }

    package init(_ report: WALArchiveReport, at time: Timestamp) {
        let message = (report.decisive ?? report.checks.first)?.message
        var bases = report.judgedBases
        // Without one that is complete, what the newest one lacks is what stands between now and a recovery.
        if bases.isEmpty { bases = Array(report.bases.filter { $0.state == .incomplete }.suffix(1)) }
        // Names of segments of another size than the one that is assumed look like a gap.
        let lacking = report.segmentSizeBytes == nil ? [] : bases
        self.init(
            isUp: true, checkedAt: time, verdict: report.verdict, reason: report.decisive?.reason, message: message,
            hint: report.decisive?.hint,
            missingSegments: Self.lackingCount(lacking), firstMissing: lacking.lazy.compactMap(\.missing.first).first,
            newestSegment: bases.first?.newest ?? report.timelines.last?.last, window: report.window)
        let target = report.judgedBases.first { $0.state == .complete }?.targetTimeline
        // While an older timeline is written to beside the newest, either may be production's.
        let leading = target.map { Set(report.rivalTimelines).union([$0]) }
        self.bases = report.bases.map { base in
            let leads = leading.flatMap { leading in base.targetTimeline.map(leading.contains) } ?? true
            return Base(
                path: base.path, stoppedAt: base.stoppedAt, isComplete: base.state == .complete,
                leadsOn: base.state != .foreign && leads)
        }
    }

    /// One base backup, as the archive knows it.
    package struct Base: Sendable, Equatable {
        /// Where it, or the notes of it, lie.
        package var path: String
        /// When it was consistent at the latest.
        package var stoppedAt: Timestamp?
        /// It can be brought to a consistent state.
        package var isComplete: Bool
        /// To the timeline that the recovery window is of, or to one that is written to beside it; and not to a branch that was left, or
        /// to another cluster's.
        package var leadsOn: Bool

        package init(path: String, stoppedAt: Timestamp?, isComplete: Bool, leadsOn: Bool) {
            self.path = path
            self.stoppedAt = stoppedAt
            self.isComplete = isComplete
            self.leadsOn = leadsOn
        }
    }

    /// A history that is missing keeps recovery from a timeline as a missing segment does.
    private static func lackingCount(_ bases: [WALArchiveReport.Base]) -> UInt64? {
        guard !bases.isEmpty else { return nil }
        let missing = Set(bases.flatMap(\.missing)).reduce(0) { $0 + $1.count }
        return missing + UInt64(Set(bases.flatMap(\.unlinkedTimelines)).count)
    }
}
