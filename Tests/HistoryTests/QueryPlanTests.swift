import Backups
import GRDB
import Testing

@testable import History

/// What a scrape, a page or a listing waits for goes along an index: with a thousand databases a scan of one table for
/// each is a second each.
@Suite struct QueryPlanTests {
    @Test func noQuestionScansATable() throws {
        let directory = try HistoryDirectory()
        let store = try directory.open()
        let backup = Sample.backup(1)
        try store.noteBackups("shop", [backup], at: .day(1))
        let run = try store.begin("shop", backup: backup.identity, at: .day(1))
        try store.finish(run, Sample.filled())
        try store.note(ProductionSample(takenAt: .day(1), epoch: "e", tables: []), of: "shop")
        // Of the two the second decides while the first is gone, with a series of its own.
        let elsewhere = Sample.backup(0)
        let other = try store.begin("shop", backup: elsewhere.identity, at: .day(2))
        try store.finish(other, Sample.report(elsewhere, .verified, at: .day(2)))
        _ = try store.monitoredSince("app", now: .day(1))
        let plans = try store.writing { connection in
            let owner = try SQLiteHistory.owner("shop", in: connection)
            return try Self.plans(connection) {
                _ = try FactsReader(database: connection).read("shop", present: [backup.identity])
                _ = try FactsReader(database: connection).read(
                    "shop", present: [backup.identity], newest: backup.identity)
                _ = try ReportReader(database: connection, run: run.rawValue).read()
                _ = try FactsReader(database: connection).read(
                    "shop", present: [elsewhere.identity], newest: elsewhere.identity)
                _ = try RunSummary.newest(of: owner, limit: 5, in: connection)
                _ = try RunSummary.newest(of: ["shop"], before: nil, limit: 5, in: connection)
                _ = try RunSummary.newest(of: ["shop", "app"], before: RunID(9), limit: 5, in: connection)
                for kind in RunKind.allCases {
                    _ = try RunSummary.newest(of: owner, kind: kind, limit: 5, in: connection)
                    _ = try RunSummary.newest(of: ["shop", "app"], kind: kind, before: nil, limit: 5, in: connection)
                }
                _ = try RunSummary.lastOfEachBackup(of: owner, in: connection)
                try SampleStore(database: connection, owner: owner).visit(spanning: .day(3)) { _ in true }
                try SampleStore(database: connection, owner: owner).note(
                    ProductionSample(takenAt: .day(2), epoch: "e", tables: []))
            }
        }
        #expect(plans.count > 12)
        for plan in plans {
            // What comes with the question is no table.
            #expect(!plan.steps.contains { $0.hasPrefix("SCAN") && !$0.hasPrefix("SCAN json_each") }, "\(plan)")
        }
        // Runs of many databases come in their own order, as many as are asked for.
        let many = plans.filter { $0.sql.contains("+runs.database IN") }
        #expect(many.count == 2 && many.allSatisfy { !$0.steps.contains { $0.contains("TEMP B-TREE") } }, "\(many)")
        // Drills are few among many runs: they are found by an index that holds nothing else.
        let drills = plans.filter { $0.sql.contains("target IS NOT NULL") }
        #expect(
            drills.count == 2 && drills.allSatisfy { $0.steps.contains { $0.contains("INDEX runs_drilled") } },
            "\(drills)")
        // Samples are read one by one, and not sorted first.
        let samples = plans.filter { $0.sql.contains("FROM samples WHERE database = ? AND taken_at >= ?") }
        #expect(samples.count == 1 && samples.allSatisfy { $0.steps.count == 1 }, "\(samples)")
        // The check itself sees a scan.
        let scan = try store.writing { connection in
            try Self.plans(connection) { _ = try connection.rows("SELECT * FROM runs WHERE message = 'x'") }
        }
        #expect(scan.contains { $0.steps.contains { $0.hasPrefix("SCAN") } })
    }

    private static func plans(
        _ connection: Database, _ work: () throws -> Void
    ) throws -> [(sql: String, steps: [String])] {
        var statements: [String] = []
        connection.trace { statements.append("\($0)") }
        try work()
        connection.trace(options: [])
        return try Set(statements).filter { !$0.hasPrefix("PRAGMA") }.map { sql in
            let arguments = StatementArguments(Array(repeating: 1, count: sql.count { $0 == "?" }))
            let rows = try Row.fetchAll(connection, sql: "EXPLAIN QUERY PLAN " + sql, arguments: arguments)
            return (sql, try rows.map { try $0.text("detail") })
        }
    }
}
