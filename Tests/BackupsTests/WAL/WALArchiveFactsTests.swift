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
}
