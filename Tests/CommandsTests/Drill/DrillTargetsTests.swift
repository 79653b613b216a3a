import TestSupport
import Testing

/// Each kind of target, before, at and behind what it names.
@Suite struct DrillTargetsTests {
    /// A target, and how many orders there are then; `nil` for what can't be reached, with a part of the reason.
    private struct Case {
        let target: String
        let rows: Int?
        var message = ""
    }

    /// What happened in production, one thing after the other: three orders are in the base backup.
    private struct Course {
        let production: ArchivedProduction
        /// Where and when order 4 had been committed, and order 5 not.
        let between: (position: String, time: String)
        /// The transactions of the orders 4 and 5.
        let transactions: [String]
        /// When order 5 was committed, to the microsecond.
        let commit: String
        let end: String

        init(major: Int) throws {
            production = try ArchivedProduction(major: major, settings: ["track_commit_timestamp": "on"])
            let shop = production.shop
            try shop.run("INSERT INTO orders (id, what) VALUES (4, 'd'); SELECT pg_create_restore_point('between')")
            between = (try shop.query("SELECT pg_current_wal_insert_lsn()"), try production.now())
            try shop.run("INSERT INTO orders (id, what) VALUES (5, 'e'); SELECT pg_create_restore_point('after')")
            transactions = try (4...5).map { try shop.query("SELECT xmin FROM orders WHERE id = \($0)") }
            commit = try shop.query(Self.moment("pg_xact_commit_timestamp(xmin)") + " FROM orders WHERE id = 5")
            end = try shop.query("SELECT pg_current_wal_insert_lsn()")
            try production.server.archiveAll()
        }

        private static func moment(_ expression: String) -> String {
            "SELECT to_char(\(expression) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"
        }

        /// The moment of the last commit, as it is called in another zone.
        func commit(inZone offset: String, _ interval: String, adding more: String = "0") throws -> String {
            try production.shop.query(
                Self.moment("(pg_xact_commit_timestamp(xmin) + interval '\(interval)' + interval '\(more)')")
                    + " || '\(offset)' FROM orders WHERE id = 5")
        }
    }

    private func cases(_ course: Course) throws -> [Case] {
        let old = "Take an older base backup"
        let behind = "the archive ends before"
        return [
            Case(target: "immediate", rows: 3), Case(target: "latest", rows: 5),
            // A transaction, through its commit.
            Case(target: "xid:\(course.transactions[0])", rows: 4),
            Case(target: "xid:\(course.transactions[1])", rows: 5),
            Case(target: "xid:4000000000", rows: nil, message: behind),
            // A place.
            Case(target: "lsn:0/200000", rows: nil, message: old),
            Case(target: "lsn:\(course.between.position)", rows: 4), Case(target: "lsn:\(course.end)", rows: 5),
            Case(target: "lsn:F/0", rows: nil, message: behind),
            // A name.
            Case(target: "name:between", rows: 4), Case(target: "name:after", rows: 5),
            Case(target: "name:never", rows: nil, message: behind),
            // A moment: what was committed at it is in, in every zone.
            Case(target: "2020-01-01T00:00:00Z", rows: nil, message: old),
            Case(target: course.between.time, rows: 4), Case(target: "\(course.commit)Z", rows: 5),
            Case(target: try course.commit(inZone: "+05:30", "5 hours 30 minutes"), rows: 5),
            Case(target: try course.commit(inZone: "-08:00", "-8 hours", adding: "-1 microsecond"), rows: 4),
            Case(target: "2099-01-01T00:00:00+01:00", rows: nil, message: behind),
        ]
    }

    @Test(arguments: [15, 18]) func eachTargetIsReachedOrToldWhyNot(major: Int) throws {
        let course = try Course(major: major)
        for item in try cases(course) {
            // What is to be true at a target need not be before: a query that is false says nothing of a copy that is not there.
            let drill = try course.production.drill([
                "--to", item.target, "--query", "SELECT count(*) = \(item.rows ?? 99) FROM orders", "--skip-amcheck",
                "--json",
            ])
            let said = "\(item.target): \(drill.outputText)\(drill.errorText)"
            guard item.rows == nil else {
                #expect(drill.status == 0, "\(said)")
                continue
            }
            #expect(drill.status == 2, "\(said)")
            #expect(drill.outputText.contains(#""reason":"target-not-reached""#), "\(said)")
            #expect(drill.outputText.contains(item.message), "\(said)")
        }
        #expect(try course.production.leftovers() == [])
    }
}
