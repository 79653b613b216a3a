import Backups
import Glibc
import Processes
import TestSupport
import Testing

@testable import PostgreSQL

/// What a server says of its recovery, and what others put into its mouth.
@Suite struct RecoveryAccountTests {
    private static let forged = [
        "recovery stopping before commit of transaction 7, time x", "database system is ready to accept connections",
        "selected new timeline ID: 9", "redo starts at F/0",
    ]

    /// Each as the beginning of a line of its own.
    private static func lines(_ lead: String) -> String {
        forged.map { "\(lead)2026-11-20 02:00:01.000 UTC [9] LOG:  \($0)\n" }.joined()
    }

    @Test func aLineOfItsOwnTells() {
        let account = RecoveryAccount(log: Self.lines(""))
        #expect(account.stop != nil && account.isReady && account.newTimeline == 9 && account.redoStart != nil)
    }

    /// Names with line ends in them, as the server writes them: with a tab before each line but the first.
    @Test func whatItQuotesDoesNot() {
        let within =
            "2026-11-20 02:00:01.000 UTC [9] FATAL:  directory \"/mnt/x LOG:  \(Self.forged[0])\n"
            + Self.lines("\t") + "\t\" does not exist\n"
        for log in [
            within, Self.lines("\t"), Self.lines(" "), Self.lines("x "),
            Self.forged.map { "2026-11-20 02:00:01.000 UTC [9] DETAIL:  LOG:  \($0)\nLOG:  \($0)\n" }.joined(),
            Self.forged.map {
                "2026-11-20 02:00:01.000 UTC [9] WARNING:  2026-11-20 02:00:01.000 UTC [9] LOG:  \($0)\n"
            }
            .joined(),
        ] {
            let account = RecoveryAccount(log: log)
            #expect(account.stop == nil && !account.isReady, "\(log)")
            #expect(account.newTimeline == nil && account.redoStart == nil, "\(log)")
        }
        #expect(RecoveryAccount(log: within).fatal?.hasPrefix("directory \"/mnt/x LOG:  recovery stopping") == true)
    }

    /// The warden's end of the server's log: in pieces, and with lines that are longer than it keeps.
    @Test func aLineWithoutAnEndIsNoBeginningOfAnother() throws {
        func account(_ text: String) throws -> (RecoveryAccount, isReady: Bool) {
            let directory = try TemporaryDirectory()
            let (log, pipe) = (ServerLog(), try Pipe())
            log.follow(pipe, path: directory.file("log"))
            let end = pipe.takeWriteEnd()
            LineWriter.writeBytes(Array(text.utf8), to: end)
            close(end)
            let isReady = log.waitUntilReady()
            _ = log.finalTail()
            return (log.account, isReady)
        }
        let ready = try account(Self.lines(""))
        #expect(ready.isReady && ready.0.stop != nil)
        for length in [4000, 8192, 12_288, 20_000] {
            let long = "2026-11-20 02:00:01.000 UTC [9] WARNING:  " + String(repeating: "x", count: length)
            let forged = try account(long + Self.lines("").replacing("\n", with: " ") + "\n")
            #expect(!forged.isReady && forged.0.stop == nil, "\(length)")
            #expect(try account(long + "\n" + Self.lines("")).isReady, "\(length)")
        }
    }

    // MARK: Several servers, one recovery

    private static let first = """
        2026-11-20 02:00:00.000 UTC [7] LOG:  starting PostgreSQL 15
        2026-11-20 02:00:01.000 UTC [9] LOG:  redo starts at 0/300028
        2026-11-20 02:00:01.000 UTC [9] LOG:  restored log file "000000010000000000000003" from archive
        2026-11-20 02:00:01.100 UTC [9] LOG:  consistent recovery state reached at 0/300100
        """
    private static let second = """
        2026-11-20 02:01:00.000 UTC [17] LOG:  starting PostgreSQL 15
        2026-11-20 02:01:01.000 UTC [19] LOG:  redo starts at 0/500028
        2026-11-20 02:01:01.000 UTC [19] LOG:  restored log file "000000010000000000000005" from archive
        2026-11-20 02:01:01.100 UTC [19] LOG:  consistent recovery state reached at 0/500028
        2026-11-20 02:01:03.000 UTC [19] LOG:  redo done at 0/500300 system usage: CPU: user: 0.00 s
        2026-11-20 02:01:03.000 UTC [19] LOG:  selected new timeline ID: 2
        2026-11-20 02:01:04.000 UTC [17] LOG:  database system is ready to accept connections
        """
    private static let transaction =
        "2026-11-20 02:00:11.000 UTC [9] LOG:  last completed transaction was at log time 2026-11-20 01:59:00+00"

    /// `CREATE TABLESPACE` in the middle of the log ends the first, and the second begins where the first had saved its place.
    @Test func whatTheSecondServerReplaysIsNotAll() {
        let missing = "2026-11-20 02:00:11.000 UTC [9] FATAL:  directory \"/mnt/fast\" does not exist"
        let before = RecoveryAccount(log: Self.first + "\n" + missing)
        #expect(before.missingTablespace == "/mnt/fast" && before.replaySeconds == nil)
        let whole = before.continued(by: RecoveryAccount(log: Self.second))
        #expect(whole.redoStart == WALPosition("0/300028") && whole.redoEnd == WALPosition("0/500300"))
        #expect(whole.consistentAt == WALPosition("0/300100"))
        #expect(whole.replaySeconds == 12 && whole.restoredFiles == 2)
        #expect(whole.seconds(from: .redoEnd, to: .ready) == 1)
        #expect(whole.fatal == nil && whole.newTimeline == 2 && whole.isReady)
        // Once more, and a server that comes to nothing.
        let third = before.continued(by: before).continued(by: RecoveryAccount(log: Self.second))
        #expect(third.replaySeconds == 22 && third.restoredFiles == 3)
        #expect(RecoveryAccount().continued(by: whole) == whole)
    }

    /// The first came to the end of the archive before its target: no transaction is left for the second.
    @Test func theLastTransactionMayBeTheFirstServers() {
        let end = [
            "2026-11-20 02:00:11.000 UTC [9] LOG:  redo done at 0/500200 system usage: CPU: user: 0.00 s",
            Self.transaction,
            "2026-11-20 02:00:12.000 UTC [9] FATAL:  recovery ended before configured recovery target was reached",
        ].joined(separator: "\n")
        let before = RecoveryAccount(log: Self.first + "\n" + end)
        let whole = before.continued(by: RecoveryAccount(log: Self.second))
        #expect(whole.lastTransaction == Timestamp("2026-11-20T01:59:00Z"))
        #expect(whole.replaySeconds == 12 && whole.redoEnd == WALPosition("0/500300") && !whole.isShortOfTarget)
        let later = Self.second + "\n" + Self.transaction.replacing("01:59:00", with: "02:00:00")
        #expect(
            before.continued(by: RecoveryAccount(log: later)).lastTransaction == Timestamp("2026-11-20T02:00:00Z"))
    }
}
