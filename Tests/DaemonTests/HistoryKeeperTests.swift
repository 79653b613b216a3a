import Backups
import History
import Logging
import TestSupport
import Testing

@testable import Daemon

/// What can't be written is kept until it can, and the metric says so all the time between.
@Suite(.enabled(if: SmallFileSystem.isAllowed)) struct HistoryKeeperTests {
    private let disk: SmallFileSystem
    private let keeper: HistoryKeeper
    private let now = SimulatedDay.beginning

    init() throws {
        disk = try SmallFileSystem(bytes: 2 << 20)
        let store = try SQLiteHistory.open(path: disk.path + "/history.sqlite", now: now).0
        keeper = HistoryKeeper(store, log: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    /// Takes the room of the file system, and what the log of the history has left.
    private func fill() throws {
        // The store keeps samples of databases that it knows.
        #expect(keeper.monitoredSince("filler", now: now) == now)
        disk.fill()
        for number in 0..<5000 where keeper.problem == nil {
            let sample = ProductionSample(takenAt: now.adding(minutes: number), epoch: "\(number)", tables: [])
            _ = keeper.write("a sample") { try keeper.store.note(sample, of: "filler") }
        }
        #expect(keeper.problem?.reason == .diskFull)
    }

    @Test func backupsAndNewDatabasesAreNotForgotten() throws {
        #expect(keeper.monitoredSince("shop", now: now) == now)
        try fill()
        let backup = CatalogBackup(
            identity: BackupIdentity(path: "/b/shop.sql", sizeBytes: 7, modified: now), completedAt: now)
        keeper.noteBackups("shop", [backup], at: now)
        #expect(keeper.monitoredSince("new", now: now) == now)
        #expect(keeper.drilledSince("new", now: now) == now)
        #expect(keeper.drilledSince("new", now: now.adding(minutes: 30)) == now)
        // That it can be read says nothing of writing.
        #expect(try #require(keeper.read("backups") { try keeper.store.knownBackups(of: "shop", limit: 9) }).isEmpty)
        #expect(keeper.problem?.reason == .diskFull)
        keeper.writeUnwritten()
        #expect(keeper.problem?.reason == .diskFull)

        disk.makeSpace()
        keeper.writeUnwritten()
        #expect(keeper.problem == nil)
        #expect(try keeper.store.knownBackups(of: "shop", limit: 9) == [backup])
        #expect(keeper.monitoredSince("new", now: now.adding(minutes: 60)) == now)
        #expect(try keeper.store.drilledSince("new", now: now.adding(minutes: 60)) == now)
    }

    /// What could not be written of a database goes with it: written later, it would bring the database back.
    @Test func whatIsForgottenIsNotWrittenLater() throws {
        #expect(keeper.monitoredSince("shop", now: now) == now)
        try fill()
        let backup = CatalogBackup(
            identity: BackupIdentity(path: "/b/shop.sql", sizeBytes: 7, modified: now), completedAt: now)
        for name in ["shop", "kept"] {
            #expect(keeper.monitoredSince(name, now: now) == now)
            keeper.noteBackups(name, [backup], at: now)
        }
        #expect(keeper.monitoredSince("new", now: now) == now)
        disk.makeSpace()
        for name in ["shop", "new"] { #expect(keeper.forget(name) != nil) }
        keeper.writeUnwritten()
        #expect(keeper.problem == nil)
        #expect(try keeper.store.databases() == ["filler", "kept"])
        #expect(try keeper.store.knownBackups(of: "kept", limit: 9) == [backup])
    }

    /// Whatever SQLite says but that the run is gone, the verdict is kept; and two of one backup never change places, or the
    /// first would be what the history says last.
    @Test func verdictsThatWaitStayInTheirOrder() throws {
        func sqlite(_ sql: String) throws {
            let program = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.argv[2])"
            try Tool.run("python3", ["-c", program, disk.path + "/history.sqlite", sql])
        }
        let backup = UnwrittenTests.backup(1)
        func verify(_ database: String, _ verdict: Verdict) {
            let run = keeper.begin(database, backup.identity, at: now)
            keeper.finish(run, database, backup.identity, UnwrittenTests.report(backup, verdict, at: now))
        }
        for name in ["other", "shop"] { #expect(keeper.monitoredSince(name, now: now) == now) }
        try sqlite(
            """
            CREATE TRIGGER refuse BEFORE UPDATE ON runs
            WHEN new.database = (SELECT id FROM databases WHERE name = 'shop') BEGIN SELECT raise(ABORT, 'not now'); END;
            """)
        verify("shop", .verified)
        verify("shop", .failed)
        verify("other", .failed)
        for _ in 0..<3 {
            keeper.writeUnwritten()
            #expect(keeper.unwritten(of: "shop").map(\.report.conclusion.verdict) == [.verified, .failed])
        }
        #expect(try keeper.store.runs(of: "other", limit: 9).map(\.verdict) == [.failed])
        try sqlite("DROP TRIGGER refuse")
        #expect(keeper.writeUnwritten() == ["shop"])
        #expect(try keeper.store.runs(of: "shop", limit: 9).map(\.verdict) == [.failed, .verified])
        let facts = try keeper.store.verificationFacts(
            of: "shop", present: [backup.identity], newest: backup.identity)
        #expect(facts.status == .failed && keeper.problem == nil)
    }

    /// What can never be written must not hold up what comes after it.
    @Test func aVerdictWhoseDatabaseWasForgottenIsGivenUp() throws {
        let (old, new) = (UnwrittenTests.backup(1), UnwrittenTests.backup(2))
        let run = try #require(keeper.begin("gone", old.identity, at: now))
        try keeper.store.forget("gone")
        keeper.finish(run, "gone", old.identity, UnwrittenTests.report(old, .failed, at: now))
        let next = keeper.begin("shop", new.identity, at: now)
        keeper.finish(next, "shop", new.identity, UnwrittenTests.report(new, .failed, at: now))
        #expect(try keeper.store.runs(of: "shop", limit: 9).count == 1)
        keeper.writeUnwritten()
        #expect(keeper.unwritten(of: "gone").isEmpty && keeper.unwritten(of: "shop").isEmpty)
        #expect(keeper.problem == nil && keeper.seconds != nil)
    }
}
