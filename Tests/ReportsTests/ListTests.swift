import Backups
import Testing

@testable import Reports

/// What `restorable backups` and `restorable history` print.
@Suite struct ListTests {
    private func identity(_ name: String, _ size: UInt64, _ seconds: Int64) -> BackupIdentity {
        BackupIdentity(path: "/b/\(name)", sizeBytes: size, modified: Timestamp(seconds: seconds))
    }

    private func run(
        _ id: Int64, _ database: String = "shop", _ verdict: Verdict = .verified, reason: Reason? = nil,
        size: UInt64 = 1024, restore: Double? = 2
    ) -> RunSummary {
        RunSummary(
            id: RunID(id), database: database, backup: identity("\(database)-\(id).sql", size, id * 100),
            dataAsOf: nil, verdict: verdict, reason: reason, message: "m", hint: nil, proof: .itself,
            startedAt: Timestamp(seconds: id * 1000), finishedAt: Timestamp(seconds: id * 1000 + 5),
            restoreSeconds: restore)
    }

    @Test func verificationsWithTheirTrend() {
        let runs = [
            run(3, size: 3072, restore: 4), run(2, "cut", .failed, reason: .truncated, restore: nil), run(1),
        ]
        #expect(
            RunList(runs).text(style: .plain) == """
                id  database  backup      verdict               proof  finished               took  restore     size
                 3  shop      shop-3.sql  ✓ verified            self   1970-01-01T00:50:05Z  5.0 s    4.0 s  3.0 KiB
                 2  cut       cut-2.sql   ✗ failed (truncated)  self   1970-01-01T00:33:25Z  5.0 s        -  1.0 KiB
                 1  shop      shop-1.sql  ✓ verified            self   1970-01-01T00:16:45Z  5.0 s    2.0 s  1.0 KiB

                shop  restore  ▁█  2.0 s … 4.0 s, last 4.0 s
                      size     ▁█  1.0 KiB … 3.0 KiB, last 3.0 KiB

                """)
        #expect(RunList([]).text(style: .plain) == "no verification yet\n")
        #expect(RunList([], kind: .drill).text(style: .plain) == "no drill yet\n")
        #expect(RunList([], kind: nil).text(style: .plain) == "no run yet\n")
        #expect(RunList(runs).text(style: .coloured).contains("\u{1B}[1;31m✗ failed (truncated)\u{1B}[0m"))
    }

    @Test func namesCantWriteToTheTerminal() {
        #expect(!RunList([run(1, "\u{1B}[2J")]).text(style: .plain).contains("\u{1B}"))
    }

    @Test func aBackupThatIsVerifiedAgainIsNoNewSize() {
        var again = run(4)
        again.backup = run(1).backup
        let trend = RunTrend.of([again, run(3, size: 2048), run(1)])
        #expect(trend.map(\.sizes) == [[1024, 2048]])
        #expect(trend.map(\.restores) == [[2, 2, 2]])
    }

    @Test(arguments: [
        ([], ""), ([1], "▄"), ([5, 5], "▄▄"), ([0, 1], "▁█"), ([0, 1, 2, 3, 4, 5, 6, 7], "▁▂▃▄▅▆▇█"),
        ([1, .nan, 2], "▁ █"), ([-Double.greatestFiniteMagnitude, Double.greatestFiniteMagnitude], "▁█"),
        ([.infinity], " "),
    ])
    func bars(numbers: [Double], expected: String) {
        #expect(Sparkline.text(numbers) == expected)
    }

    @Test func backupsWithTheirVerdict() {
        func listed(_ name: String, _ seconds: Int64, inProgress: Bool = false, _ lastRun: RunSummary? = nil)
            -> ListedBackup
        {
            ListedBackup(
                database: "shop", location: "/b",
                backup: CatalogBackup(
                    identity: identity(name, 2048, seconds), completedAt: Timestamp(seconds: seconds)),
                isInProgress: inProgress,
                content: inProgress ? ListedContent() : ListedContent(format: .plain, compression: .gzip),
                lastRun: lastRun)
        }
        let lists = [
            BackupList(
                database: "shop", location: "/b",
                backups: .success([listed("1.gz", 1, run(1)), listed("x/2.gz", 2), listed("3.gz", 3, inProgress: true)])
            ),
            BackupList(
                database: "cut", location: "/c",
                backups: .failure(Obstacle(.unreadable, "/c can't be listed", hint: "h"))),
        ]
        let text = BackupList.text(lists, style: .plain)
        #expect(
            text
                == """
                database  backup                    format         size  data as of  completed             state        last verification
                shop      3.gz                      -           2.0 KiB  -           -                     in-progress  -
                shop      x/2.gz                    plain gzip  2.0 KiB  -           1970-01-01T00:00:02Z  complete     -
                shop      1.gz                      plain gzip  2.0 KiB  -           1970-01-01T00:00:01Z  complete     ✓ verified 1970-01-01T00:16:45Z
                cut       location can't be listed

                """)
        #expect(lists[0].json.count == 3)
        #expect(
            lists[1].json.map(\.text) == [
                #"{"version":1,"database":"cut","location":"/c","state":"unreachable","backup":null,"last_verification":null,"reason":"unreadable","message":"/c can't be listed","hint":"h"}"#
            ])
    }
}
