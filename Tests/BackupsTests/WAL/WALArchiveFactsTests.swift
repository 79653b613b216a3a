import Testing

@testable import Backups

/// What is shown of a look at an archive.
@Suite struct WALArchiveFactsTests {
    private static func report(_ sizeBytes: UInt64?) -> WALArchiveReport {
        var report = WALArchiveReport(location: "/wal")
        report.segmentSizeBytes = sizeBytes
        var base = WALArchiveReport.Base(path: "/base", timeline: 1, start: "0/5000028", state: .complete)
        base.missing = [.init(first: "000000010000000000000040", last: "0000000100000000000000FF", count: 192)]
        report.bases = [base]
        return report
    }

    /// Names of segments of 64 MiB look like a gap where 16 MiB are only assumed.
    @Test func whatIsMissingIsKnownWithTheSizeOfSegments() {
        let known = WALArchiveFacts(Self.report(16 << 20), at: Timestamp(seconds: 0))
        #expect(known.missingSegments == 192)
        #expect(known.firstMissing != nil)
        let unknown = WALArchiveFacts(Self.report(nil), at: Timestamp(seconds: 0))
        #expect(unknown.missingSegments == nil)
        #expect(unknown.firstMissing == nil)
    }

    /// After a promotion some base backups lead to where the archive goes on, and others to the branch that was left.
    @Test func whichBaseBackupsLeadOn() {
        func base(_ path: String, _ state: WALArchiveReport.Base.State, to target: UInt32?) -> WALArchiveReport.Base {
            var base = WALArchiveReport.Base(path: path, timeline: 1, start: "0/5000028", state: state)
            base.targetTimeline = target
            return base
        }
        var report = WALArchiveReport(location: "/wal")
        report.bases = [
            base("before", .complete, to: 2), base("left", .complete, to: 1), base("short", .waiting, to: 2),
            base("foreign", .foreign, to: nil), base("expired", .expired, to: nil),
        ]
        let bases = WALArchiveFacts(report, at: Timestamp(seconds: 0)).bases
        #expect(bases.filter(\.leadsOn).map(\.path) == ["before", "short", "expired"])
        #expect(bases.filter(\.isComplete).map(\.path) == ["before", "left"])
        // While the branch that was left is written to, it may be production's.
        report.rivalTimelines = [1]
        let both = WALArchiveFacts(report, at: Timestamp(seconds: 0)).bases
        #expect(both.filter(\.leadsOn).map(\.path) == ["before", "left", "short", "expired"])
        report.rivalTimelines = []
        // Without one that is complete nobody knows where it goes on.
        report.bases = [base("a", .waiting, to: 1), base("b", .incomplete, to: 2)]
        #expect(WALArchiveFacts(report, at: Timestamp(seconds: 0)).bases.filter(\.leadsOn).count == 2)
    }
}
