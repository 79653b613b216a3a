import Backups
import Foundation
import GRDB
import Testing

@testable import History

/// A file of each earlier schema becomes one of today, with what it holds. `Schemas/N.sql` makes a file as version N had it.
@Suite struct MigrationTests {
    private static let schemas = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Schemas")

    /// - Returns: a directory whose history is of that version.
    private func made(_ version: Int64) throws -> HistoryDirectory {
        let directory = try HistoryDirectory()
        let sql = try String(contentsOf: Self.schemas.appending(path: "\(version).sql"), encoding: .utf8)
        let queue = try DatabaseQueue(path: directory.file)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
        return directory
    }

    /// Tables and indexes, and the columns of each table: what was added later stands at its end.
    private func schema(_ file: String) throws -> [String: [String]] {
        let queue = try DatabaseQueue(path: file)
        let schema = try queue.read { connection in
            let names = try String.fetchAll(
                connection, sql: "SELECT type || ' ' || name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'")
            return try Dictionary(
                uniqueKeysWithValues: names.map { name in
                    let table = name.split(separator: " ").last.map(String.init) ?? ""
                    let columns = try Row.fetchAll(
                        connection,
                        sql: "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_xinfo(?)",
                        arguments: [table])
                    return (name, columns.map { "\($0)" })
                })
        }
        try queue.close()
        return schema
    }

    @Test func eachVersionHasAFile() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.schemas.path).sorted()
        #expect(names == (1...HistorySchema.version).map { "\($0).sql" })
    }

    @Test(arguments: 1...HistorySchema.version) func itsTablesBecomeTodays(version: Int64) throws {
        let directory = try made(version)
        let new = try HistoryDirectory()
        for place in [directory, new] { try place.open().close() }
        let expected = try schema(new.file)
        #expect(expected.count > 20)
        #expect(try schema(directory.file) == expected)
    }

    @Test(arguments: 1...HistorySchema.version) func whatItHoldsIsStillSaid(version: Int64) throws {
        let directory = try made(version)
        // It is read before it is brought up to date, too.
        let listed = try HistoryReader(path: directory.file).snapshot { history in
            #expect(try history.databases() == ["app", "shop"])
            return try history.runs(of: ["app", "shop"], limit: 9).map(\.id.rawValue)
        }
        #expect(listed == [9, 8, 7] + (version >= 5 ? [6] : []))
        for _ in 0..<2 { try check(try directory.open(), version) }
    }

    /// On a full disk no file can be brought up to date: verdicts are shown all the same, and nothing in it is changed.
    @Test(arguments: 1...HistorySchema.version) func itIsReadWhereItCanNotBeWritten(version: Int64) throws {
        let directory = try made(version)
        let before = try Data(contentsOf: URL(filePath: directory.file))
        let store = try SQLiteHistory.openForReading(path: directory.file)
        let bad = BackupIdentity(path: "/b/shop-2.sql", sizeBytes: .max, modified: .day(2))
        let facts = try store.verificationFacts(of: "shop", present: [bad], newest: bad)
        #expect(facts.status == .failed && facts.source?.message == "it is failed")
        #expect(try store.runs(of: ["shop"], kind: .verification, before: nil, limit: 9).count == 3)
        #expect(try store.monitoredSince("shop", now: .day(9)) == .day(0))
        let refusal = #expect(throws: Obstacle.self) { try store.begin("shop", backup: bad, at: .day(9)) }
        #expect(refusal?.reason == .unreadable)
        #expect(try Data(contentsOf: URL(filePath: directory.file)) == before)
    }

    private func check(_ store: SQLiteHistory, _ version: Int64) throws {
        let (good, bad) = (
            BackupIdentity(path: "/b/shop-1.sql", sizeBytes: 10, modified: .day(1)),
            BackupIdentity(path: "/b/shop-2.sql", sizeBytes: .max, modified: .day(2))
        )
        #expect(try store.monitoredSince("shop", now: .day(9)) == .day(0))
        let facts = try store.verificationFacts(of: "shop", present: [good, bad], newest: bad)
        #expect(facts.status == .failed && facts.statusSince == .day(3) && facts.knownBad == 1)
        #expect(facts.source?.run == RunID(8) && facts.source?.message == "it is failed")
        #expect(facts.lastRun == .day(4) && facts.lastSuccess == .day(2) && facts.verifiedBackupTime == .day(1))
        #expect(facts.runs == [.verified: 1, .failed: 1, .inconclusive: 1] && facts.mismatchedTables == 1)
        #expect(facts.checks == ["rows": false] && facts.stageSeconds == [.integrity: 0.5])
        #expect(facts.restored == RestoredFacts(seconds: 2.5, bytes: 77, rows: 3, tables: 1))
        let older = try store.verificationFacts(of: "shop", present: [good], newest: good)
        #expect(older.status == .verified && older.statusSince == .day(2))

        let drills = try store.drillRecord(of: "shop")
        #expect(
            drills.status == (version >= 5 ? .verified : nil) && drills.runs == (version >= 5 ? [.verified: 1] : [:]))
        #expect(drills.lastVerified?.facts.end == (version >= 5 ? "0/D00330" : nil))
        #expect(try store.report(RunID(6))?.drill?.bytes == (version >= 5 ? 4_194_304 : nil))
        #expect(try store.drilledSince("shop", now: .day(9)) == (version >= 5 ? .day(0) : .day(9)))

        let report = try #require(try store.report(RunID(7)))
        let table = try #require(report.tables.first)
        #expect(table.name == TableName(schema: "public", name: "t") && table.dumpRows == 3 && table.restoredRows == 3)
        #expect(table.bounds == (version >= 2 ? 3...9 : nil) && report.conclusion.notes == ["a note"])
        #expect(try store.report(RunID(8))?.findings.map(\.message) == ["no role"])
        #expect(try store.knownBackups(of: "shop", limit: 9).map(\.identity) == [good, bad])
        #expect(try store.presentBackups(of: "shop").map(\.identity) == (version >= 4 ? [good, bad] : []))
        let found = DiscoveredDatabase(name: "app", entry: "{database}", monitoredSince: .day(1))
        #expect(try store.discovered() == (version >= 3 ? [found] : []))
        #expect(try store.forgetRequests() == (version >= 3 ? ["old"] : []))

        // Samples of the older encoding can't be read: they go, and new ones are kept.
        let counters = TableCounters(
            schema: "public", name: "t", oid: 5, relfilenode: 6, inserted: 3, updated: 0, deleted: 1, liveRows: 2,
            definition: 7)
        let kept = ProductionSample(takenAt: .day(1), epoch: "e", circumstances: "c", tables: [counters])
        let sample = ProductionSample(takenAt: .day(2), epoch: "e", circumstances: "d", tables: [counters])
        if try store.samples(of: "shop", from: .day(2)).isEmpty { try store.note(sample, of: "shop") }
        #expect(try store.samples(of: "shop", from: .day(0)) == (version >= 2 ? [kept, sample] : [sample]))

        // What a process that died had begun is ended, once.
        let ended = try store.interruptUnfinished(at: .day(5))
        #expect(ended.isEmpty || ended == [RunID(10)])
        #expect(try store.report(RunID(10))?.conclusion.reason == .interrupted)
        try store.close()
    }
}
