import Backups
import Testing

@testable import Reports

/// What `restorable wal` prints.
@Suite struct WALArchiveTextTests {
    private static func report() -> WALArchiveReport {
        var report = WALArchiveReport(location: "/backups/wal")
        report.segmentSizeBytes = 16 << 20
        report.systemIdentifier = 7_710_687_632_165_457_567
        report.major = 15
        report.files.segments = 17
        report.files.partials = 1
        report.files.histories = 1
        report.timelines = [
            .init(
                number: 1, parent: nil, branchedAt: nil, first: "000000010000000000000005",
                last: "000000010000000000000010", segments: 11),
            .init(
                number: 2, parent: 1, branchedAt: "0/11000060", first: "000000020000000000000011",
                last: "000000020000000000000016", segments: 6),
        ]
        var monday = WALArchiveReport.Base(
            path: "/backups/base/monday", timeline: 1, start: "0/5000028", state: .complete)
        monday.stoppedAt = Timestamp(seconds: 1_000_000)
        monday.segments = 17
        monday.newest = "000000020000000000000016"
        monday.recoverableTo = "0/17000000"
        monday.recoverableTimeline = 2
        monday.targetTimeline = 2
        var old = WALArchiveReport.Base(
            path: "000000010000000000000001.00000028.backup", timeline: 1, start: "0/1000028", state: .expired)
        old.stoppedAt = Timestamp(seconds: 500_000)
        report.bases = [old, monday]
        report.window = .init(start: Timestamp(seconds: 1_000_000), end: Timestamp(seconds: 1_100_000))
        report.checks = [
            .verified(
                "segments", in: .recovery,
                "17 segments from 000000010000000000000005 to 000000020000000000000016, none missing since the oldest base backup"
            ),
            .verified("first-pages", in: .integrity, "17 segments looked at, all of the cluster 7710687632165457567"),
        ]
        return report
    }

    private static func broken() -> WALArchiveReport {
        var report = report()
        let hole = WALArchiveReport.Segments(
            first: "000000010000000000000007", last: "000000010000000000000009", count: 3)
        report.bases[1].missing = [hole]
        report.bases[1].recoverableTo = "0/7000000"
        report.bases[1].recoverableTimeline = 1
        report.bases[1].misleadingLatest = 3
        report.window = .init(unknown: "pg_waldump of PostgreSQL 15 is not installed")
        report.checks[0] = .failed(
            "segments", in: .recovery, .walGap,
            "3 segments are missing or unusable after 000000010000000000000005: recovery ends at 0/7000000 on timeline 1",
            hint: "Take a base backup now.", details: [hole.text])
        return report
    }

    @Test func aCompleteArchive() {
        #expect(
            WALArchiveText(Self.report(), style: .plain).text == """
                /backups/wal  PostgreSQL 15, segments of 16 MiB, 17 segments, 1 partial, 1 history

                  ✓  segments     17 segments from 000000010000000000000005 to 000000020000000000000016, none missing since the oldest base backup
                  ✓  first-pages  17 segments looked at, all of the cluster 7710687632165457567

                  base backup                               from                     consistent            missing  recoverable to            state
                  000000010000000000000001.00000028.backup  0/1000028 on timeline 1  1970-01-06T18:53:20Z        0  -                         expired
                  /backups/base/monday                      0/5000028 on timeline 1  1970-01-12T13:46:40Z        0  0/17000000 on timeline 2  complete

                  timeline  segments  first                     last                      branched off
                         1        11  000000010000000000000005  000000010000000000000010  -
                         2         6  000000020000000000000011  000000020000000000000016  timeline 1 at 0/11000060

                  recovery window  from 1970-01-12T13:46:40Z to 1970-01-13T17:33:20Z

                VERIFIED  /backups/wal: 17 segments from 000000010000000000000005 to 000000020000000000000016, none missing since the oldest base backup

                """)
    }

    @Test func aGap() {
        let text = WALArchiveText(Self.broken(), style: .plain).text
        #expect(
            text.contains(
                """
                  ✗  segments     3 segments are missing or unusable after 000000010000000000000005: recovery ends at 0/7000000 on timeline 1
                      000000010000000000000007 … 000000010000000000000009 (3 segments)

                """))
        #expect(
            text.contains(
                "  /backups/base/monday                      0/5000028 on timeline 1  1970-01-12T13:46:40Z        3  0/7000000 on timeline 1  complete\n"
            ))
        #expect(
            text.contains(
                "note  recovery_target_timeline = latest finds timeline 3, which does not come from this base backup: set it to 2"
            ))
        #expect(text.contains("  times unknown  pg_waldump of PostgreSQL 15 is not installed\n"))
        #expect(
            text.hasSuffix(
                """
                HINT  Take a base backup now.
                FAILED  /backups/wal: 3 segments are missing or unusable after 000000010000000000000005: recovery ends at 0/7000000 on timeline 1 (wal-gap)

                """))
        #expect(WALArchiveText(Self.broken(), style: .coloured).text.contains("\u{1B}[1;31mcomplete\u{1B}[0m"))
    }

    @Test func namesCantWriteToTheTerminal() {
        var report = Self.report()
        report.location = "/\u{1B}[2J"
        report.bases[1].path = "\u{1B}[2J"
        #expect(!WALArchiveText(report, style: .plain).text.contains("\u{1B}"))
    }

    @Test func machinesGetOneObject() {
        let text = Self.broken().json.text
        #expect(
            text.hasPrefix(
                #"{"version":1,"location":"/backups/wal","verdict":"failed","reason":"wal-gap","message":"3 segments"#))
        #expect(text.contains(#""system_identifier":"7710687632165457567","segment_size_bytes":16777216,"#))
        #expect(
            text.contains(
                #""missing_segments":3,"missing":[{"first":"000000010000000000000007","last":"000000010000000000000009","segments":3}]"#
            ))
        #expect(
            text.contains(
                #""window":{"start":null,"end":null,"unknown":"pg_waldump of PostgreSQL 15 is not installed"}"#))
    }
}
