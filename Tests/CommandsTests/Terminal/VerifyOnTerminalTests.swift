import Glibc
import TestSupport
import Testing

/// What a user sees who runs `verify` on a terminal.
@Suite(.serialized) struct VerifyOnTerminalTests {
    /// Of this suite alone: its one scratch server is looked for.
    private static let scratch = "/var/tmp/restorable-test-terminal"

    private let directory: TemporaryDirectory
    private let dump: String

    /// Half of the dump waits for somebody who cancels it.
    private static let wait = """
        DO $$ BEGIN PERFORM pg_catalog.pg_sleep(3600); EXCEPTION WHEN query_canceled THEN NULL; END $$;
        """

    init() throws {
        directory = try TemporaryDirectory()
        let rows = (1...5000).map { "\($0)\n" }.joined()
        let text = """
            --
            -- PostgreSQL database dump
            --

            -- Dumped from database version 15.18
            -- Dumped by pg_dump version 15.18

            CREATE TABLE public.a (x integer);
            CREATE TABLE public.b (x integer);
            COPY public.a (x) FROM stdin;
            \(rows)\\.
            \(Self.wait)
            COPY public.b (x) FROM stdin;
            \(rows)\\.

            --
            -- PostgreSQL database dump complete
            --

            """
        dump = try directory.write(text, to: "waits.sql")
    }

    private func start(
        _ arguments: [String], columns: UInt16, environment: [String: String] = [:]
    ) throws -> TerminalProgram {
        let base = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8", "TERM": "xterm"]
        return try TerminalProgram(
            Restorable.path, ["verify", "--scratch-directory", Self.scratch] + arguments,
            environment: base.merging(environment) { _, new in new }, columns: columns)
    }

    /// Lets the dump go on.
    private func cancelWait() throws {
        let name = try #require(try TestFile.names(in: Self.scratch).first { $0.hasPrefix("scratch-") })
        let cancelled = try Tool.run(
            TestInstallation.postgresql15.tool("psql"),
            [
                "-X", "-At", "-h", "\(Self.scratch)/\(name)/s", "-U", "restorable_scratch", "-d", "postgres", "-c",
                "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity "
                    + "WHERE query LIKE '%pg_sleep(3600)%' AND pid <> pg_backend_pid()",
            ])
        #expect(cancelled.outputText == "1\n")
    }

    @Test(arguments: [(80, false), (40, false), (40, true), (20, false)] as [(UInt16, Bool)])
    func progressHasStageRateAndTimeAndGoes(columns: UInt16, hasNoColour: Bool) throws {
        let program = try start(
            ["--jobs", "2", dump], columns: columns, environment: hasNoColour ? ["NO_COLOR": "1"] : [:])
        do {
            try program.read { $0.contains(" left") }
            try cancelWait()
        } catch {
            program.kill()
            throw error
        }
        #expect(program.finish() == 0)
        let screen = TerminalScreen(program.text)
        #expect(screen.strangers == [])
        #expect((screen.colours == 0) == hasNoColour)

        let timed = try #require(screen.wiped.last { $0.contains(" left") })
        #expect(screen.wiped.allSatisfy { $0.count < columns }, "\(screen.wiped)")
        switch columns {
        case 80:
            let pattern = /restore  ━+─+  \d\d%  [0-9.]+ KiB of [0-9.]+ KiB  [0-9.]+ [KM]?i?B\/s  \d+ s left/
            #expect(timed.wholeMatch(of: pattern) != nil, "\(timed)")
        case 40: #expect(timed.wholeMatch(of: /restore  \d\d%  [0-9.]+ [KM]?i?B\/s  \d+ s left/) != nil, "\(timed)")
        default: #expect(timed.wholeMatch(of: /restore  \d+ s left/) != nil, "\(timed)")
        }

        // Nothing of it is left: what stands there is what goes into a file.
        let plain = try RestoredShop.verify(["--until", "integrity", dump], scratch: Self.scratch).outputText
        #expect(screen.lines.first == plain.split(separator: "\n").first.map(String.init))
        #expect(screen.lines.allSatisfy { !$0.contains("━") && !$0.contains(" left") })
        #expect(screen.lines.last == "")
        let last = try #require(screen.lines.dropLast().last)
        #expect(last.trimmed == "VERIFIED  waits.sql: restored: 2 tables, 10,000 rows, as many as the dump holds")
    }

    @Test func aTerminalThatCanNotRedrawIsNotDrawnOn() throws {
        let program = try start(["--until", "integrity", dump], columns: 80, environment: ["TERM": "dumb"])
        #expect(program.finish() == 0)
        #expect(!program.text.contains("\u{1B}"))
        #expect(program.text.replacing("\r\n", with: "\n").hasSuffix("nothing was restored, as asked\n"))
    }
}

extension String {
    /// Without blanks around it, of which a badge has one on each side.
    fileprivate var trimmed: String {
        var rest = Substring(self)
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}
