import Backups
import PostgreSQL
import TestSupport
import Testing

/// Freshness rules and the user's own queries.
@Suite struct QuestionTests {
    static let table = TableName(schema: "public", name: "t")
    static let database: Result<TestDatabase, any Error> = Result {
        let database = try TestServer.shared().createDatabase()
        try database.run(
            """
            CREATE TABLE t (z timestamptz, l timestamp, d date, s bigint, ms bigint, f timestamptz, old timestamptz,
                n text, e timestamptz);
            INSERT INTO t VALUES ('2026-11-20 01:30Z', '2026-11-20 02:30', '2026-11-20', 1795138200, 1795138200000,
                '2026-11-21Z', '2026-11-01Z', 'x', NULL), ('-infinity', NULL, 'infinity', 1, 1, 'infinity', NULL, 'y', NULL);
            """)
        return database
    }

    @Test(
        arguments: [
            ("z", Verdict.verified, nil), ("l", .verified, nil), ("d", .verified, nil), ("s", .verified, nil),
            ("ms", .verified, nil), ("f", .failed, Reason.inTheFuture), ("old", .failed, .notFresh),
            ("e", .failed, .notFresh),
            ("n", .inconclusive, .queryError), ("nosuch", .inconclusive, .queryError),
        ] as [(String, Verdict, Reason?)])
    func newestValueIsJudged(_ column: String, _ verdict: Verdict, _ reason: Reason?) throws {
        let connection = try Self.database.get().connect()
        let time = DataTime(manifest: Timestamp("2026-11-20T02:00:00Z"), dumpStart: nil, completedAt: nil)
        let rule = Freshness(
            table: Self.table, column: column, objective: .seconds(3600), zone: column == "l" ? "Europe/Berlin" : "UTC")
        do {
            let check = try rule.check(connection, time: time)
            #expect(check.verdict == verdict && check.reason == reason, "\(check)")
        } catch let obstacle as Obstacle {
            #expect(verdict == .inconclusive && obstacle.reason == reason)
        }
    }

    @Test(
        arguments: [
            ("SELECT count(*) = 2 FROM t", Verdict.verified, nil),
            ("SELECT count(*) = 3 FROM t", .failed, Reason.queryFalse),
            ("SELECT NULL::boolean", .inconclusive, .queryError), ("SELECT true, true", .inconclusive, .queryError),
            ("SELECT true FROM t", .inconclusive, .queryError), ("SELECT true WHERE false", .inconclusive, .queryError),
            ("SELECT 1", .inconclusive, .queryError), ("SELECT no", .inconclusive, .queryError),
            ("DELETE FROM t RETURNING true", .inconclusive, .queryError), ("COMMIT", .inconclusive, .queryError),
            ("SELECT pg_sleep(60) IS NULL", .inconclusive, .deadlineExceeded),
        ] as [(String, Verdict, Reason?)])
    func queryMustBeTrue(_ sql: String, _ verdict: Verdict, _ reason: Reason?) throws {
        let connection = try Self.database.get().connect()
        let check = try CustomQuery(name: "q", sql: sql).check(connection, timeout: .seconds(1))
        #expect(check.verdict == verdict && check.reason == reason, "\(check)")
        #expect(try Self.database.get().query("SELECT count(*) FROM t") == "2")
    }
}
