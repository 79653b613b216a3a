import Glibc
import Processes
import TestSupport
import Testing

/// `kill -9` in each stage of a drill, of the program and of its warden: nothing is left that `restorable gc` does not remove.
@Suite(.serialized) struct DrillKillTests {
    private static let original: Result<ArchivedProduction, any Error> = Result {
        let production = try ArchivedProduction(
            cluster: ["--data-checksums"],
            prepare: """
                CREATE TABLE parts AS SELECT g AS id, repeat('x', 200) AS what FROM generate_series(1, 20000) g;
                ALTER TABLE parts ADD PRIMARY KEY (id);
                CREATE VIEW endless AS SELECT now() AS at FROM pg_sleep(3600);
                """)
        try production.shop.run("UPDATE parts SET what = 'y' WHERE id % 3 = 0")
        try production.server.archiveAll()
        return production
    }

    /// Where a drill is, seen from outside.
    enum Moment: String, CaseIterable, Sendable {
        case fetch, unpack, recovery, promote, rows, queries, freshness, amcheck, checksums

        /// What its log says then, or what lies in its scratch.
        func isReached(log: String, scratch: String) throws -> Bool {
            switch self {
            case .unpack:
                try !Tool.shell("ls -d \"$1\"/scratch-*/data/base/1/1* 2>/dev/null || true", [scratch]).output.isEmpty
            case .promote:
                try !Tool.shell("ls \"$1\"/scratch-*/data/pg_wal/00000002.history 2>/dev/null || true", [scratch])
                    .output.isEmpty
            default: log.contains("the stage \(rawValue) begins")
            }
        }

        /// The stage that must not have begun yet.
        var next: String {
            switch self {
            case .fetch: "recovery"
            case .unpack: "recovery"
            case .recovery, .promote: "rows"
            case .rows, .freshness, .queries: "amcheck"
            case .amcheck: "checksums"
            case .checksums: "never"
            }
        }

        /// What is asked of the copy: some of it is never answered.
        var questions: [String] {
            switch self {
            case .freshness: ["--dbname", "shop", "--fresh", "endless.at", "--rpo", "1d"]
            case .queries: ["--dbname", "shop", "--query", "SELECT pg_sleep(3600) IS NOT NULL"]
            default: []
            }
        }

        static let answered = [
            "--dbname", "shop", "--fresh", "orders.placed_at", "--rpo", "1d", "--query",
            "SELECT count(*) = 20000 FROM parts",
        ]
    }

    @Test(arguments: Moment.allCases) func nothingIsLeft(moment: Moment) throws {
        let production = try Self.original.get()
        let directory = try TemporaryDirectory()
        let (scratch, log) = (directory.file("scratch"), directory.file("log"))
        let arguments = [
            "drill", "--base", production.base, "--wal", production.server.archive, "--scratch-directory", scratch,
            "--postgresql-bin", production.server.server.installation.bin, "--log-level", "debug",
        ]
        if moment == .fetch {
            let whole = try Restorable.run(arguments + Moment.answered)
            #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
            for stage in ["fetch", "integrity", "recovery", "rows", "freshness", "queries", "amcheck", "checksums"] {
                #expect(whole.errorText.contains("the stage \(stage) begins"))
            }
        }
        let child = try ChildProcess.start(
            Command(
                "/bin/sh",
                ["-c", "exec \"$@\" >/dev/null 2>\"$0\"", log, Restorable.path] + arguments + moment.questions,
                environment: CleanEnvironment.variables(), parentDeathSignal: .kill))
        var isReached = false
        while !isReached, child.wait(for: .milliseconds(1)) == nil {
            guard TestFile.exists(log) else { continue }
            isReached = try moment.isReached(log: TestFile.text(log), scratch: scratch)
        }
        child.signal(SIGKILL)
        // Nobody is left then who clears up.
        for process in try ScratchProcesses.below(scratch) { kill(process, SIGKILL) }
        #expect(child.wait() == .signalled(SIGKILL), "it was over before")
        let text = try TestFile.text(log)
        #expect(isReached && !text.contains("the stage \(moment.next) begins"), "\(text)")

        try TestDeadline.wait(for: "its processes end") { try ScratchProcesses.below(scratch).isEmpty }
        let collected = try Restorable.run(["gc", "--json", "--scratch-directory", scratch])
        #expect(collected.status == 0, "\(collected.outputText)\(collected.errorText)")
        #expect(collected.outputText.contains(#""in_use":[],"kept":[],"failures":[]"#), "\(collected.outputText)")
        #expect(try TestFile.names(in: scratch).filter { $0.hasPrefix("scratch-") } == [])
    }
}
