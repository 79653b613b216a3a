import Backups
import Integrity
import Testing

@testable import PostgreSQL

@Suite struct ErrorJudgeTests {
    struct Case: Sendable, CustomStringConvertible {
        let sqlstate: String
        let message: String
        let statement: String
        let verdict: Verdict
        let reason: Reason
        var description: String { "\(sqlstate) \(statement)" }

        init(_ sqlstate: String, _ message: String, _ statement: String, _ verdict: Verdict, _ reason: Reason) {
            self.sqlstate = sqlstate
            self.message = message
            self.statement = statement
            self.verdict = verdict
            self.reason = reason
        }

        static let all = [
            Case(
                "22P02", "invalid input syntax for type integer: \"x\"", "COPY public.t (a) FROM stdin", .failed,
                .dataRejected),
            Case(
                "23505", "could not create unique index", "ALTER TABLE ONLY t ADD PRIMARY KEY (a)", .failed,
                .constraintViolated),
            Case(
                "23503", "insert or update violates foreign key", "ALTER TABLE t ADD CONSTRAINT f", .failed,
                .constraintViolated),
            Case("42601", "syntax error at or near \"x\"", "CREATE TABLE x x", .failed, .statementFailed),
            Case("42P01", "relation \"a\" does not exist", "CREATE VIEW v AS SELECT", .failed, .objectMissing),
            Case("42883", "function f() does not exist", "CREATE INDEX i ON t (f())", .failed, .objectMissing),
            Case("P0001", "not today", "REFRESH MATERIALIZED VIEW v", .failed, .statementFailed),
            Case("42501", "permission denied", "CREATE TABLE t ()", .inconclusive, .permissionDenied),
            Case("0A000", "unsupported XML feature", "COPY t FROM stdin", .inconclusive, .unexplainedError),
            Case("XX000", "cache lookup failed", "CREATE TABLE t ()", .inconclusive, .unexplainedError),
            Case("ZZ999", "never heard of", "CREATE TABLE t ()", .inconclusive, .unexplainedError),
            Case("40P01", "deadlock detected", "CREATE INDEX i ON t (a)", .inconclusive, .unexplainedError),
            Case("55P03", "lock not available", "CREATE INDEX i ON t (a)", .inconclusive, .lockTimeout),
            Case(
                "57014", "canceling statement due to statement timeout", "COPY t FROM stdin", .inconclusive,
                .deadlineExceeded),
            Case("53200", "out of memory", "CREATE INDEX i ON t (a)", .inconclusive, .outOfMemory),
            Case(
                "08001", "could not connect to server \"prod\"", "REFRESH MATERIALIZED VIEW v", .inconclusive,
                .connectionFailed),
            Case(
                "0A000", "extension \"postgis\" is not available", "CREATE EXTENSION IF NOT EXISTS postgis",
                .inconclusive, .extensionMissing),
            Case(
                "58P01", "could not open extension control file", "CREATE EXTENSION a", .inconclusive, .extensionMissing
            ),
            Case(
                "58P01", "could not access file \"$libdir/a\": No such file", "CREATE FUNCTION f()", .inconclusive,
                .extensionMissing),
            Case(
                "55000", "pg_cron can only be loaded via shared_preload_libraries", "CREATE EXTENSION pg_cron",
                .inconclusive, .extensionMissing),
            Case("42809", "invalid locale name: \"xx_YY\"", "CREATE DATABASE a", .inconclusive, .localeMissing),
            Case(
                "42704", "collation \"de_DE\" for encoding \"UTF8\" does not exist", "CREATE TABLE t ()", .inconclusive,
                .localeMissing),
            Case(
                "22023", "security label provider \"selinux\" is not loaded",
                "SECURITY LABEL FOR selinux ON TABLE t IS 'x'", .inconclusive, .extensionMissing),
            // What the data or the dump's own code says is no explanation.
            Case(
                "22P02", "invalid input syntax for type integer: \"security label provider\"", "COPY t FROM stdin",
                .failed, .dataRejected),
            Case(
                "22P02",
                "invalid input syntax for type integer: \"could not open file \"base/1\": "
                    + "No such file or directory\"", "COPY t FROM stdin", .failed, .dataRejected),
            Case(
                "22P02", "invalid input syntax for type integer: \"invalid locale name\"", "COPY t FROM stdin", .failed,
                .dataRejected),
            Case(
                "22P02", "invalid input syntax for type integer: \"set shared_preload_libraries\"",
                "INSERT INTO t VALUES", .failed, .dataRejected),
            Case("P0001", "could not access file \"x\"", "DO $$ $$", .failed, .statementFailed),
            Case("P0001", "y must be in shared_preload_libraries", "DO $$ $$", .failed, .statementFailed),
            Case("42704", "type \"locale name\" does not exist", "CREATE TABLE t ()", .failed, .objectMissing),
            Case(
                "XX000", "timescaledb must be loaded via shared_preload_libraries", "CREATE EXTENSION timescaledb",
                .inconclusive, .extensionMissing),
            Case("22023", "invalid locale name: \"xx_YY\"", "CREATE COLLATION a", .inconclusive, .localeMissing),
            Case("42710", "publication \"p\" already exists", "CREATE PUBLICATION p", .failed, .statementFailed),
        ]
    }

    static let same = circumstances(dumped: "15.1", tool: "15.1", server: 15)

    static func circumstances(dumped: String, tool: String, server: Int, hasSchema: Bool = true) -> LoadCircumstances {
        var contents = DumpContents(header: DumpHeader(serverVersion: dumped, toolVersion: tool))
        contents.hasSchema = hasSchema
        return LoadCircumstances(contents: contents, serverMajor: server)
    }

    static func error(_ sqlstate: String, _ message: String) -> PostgreSQLError {
        PostgreSQLError(severity: "ERROR", sqlstate: sqlstate, message: message)
    }

    @Test(arguments: Case.all)
    func saysWhatAnErrorMeans(_ example: Case) {
        var judge = ErrorJudge(Self.same)
        let judgement = judge.judge(Self.error(example.sqlstate, example.message), of: Array(example.statement.utf8))
        guard case .finding(let verdict, let reason, _, _) = judgement else {
            Issue.record("\(judgement)")
            return
        }
        #expect(verdict == example.verdict)
        #expect(reason == example.reason)
    }

    @Test(arguments: [
        ("53100", Reason.diskFull), ("57P01", .serverFailed), ("57P02", .serverFailed), ("58030", .serverFailed),
    ])
    func endsTheLoad(sqlstate: String, reason: Reason) {
        var judge = ErrorJudge(Self.same)
        guard case .stop(let said, _, _) = judge.judge(Self.error(sqlstate, "gone"), of: []) else {
            Issue.record("\(sqlstate) does not end the load")
            return
        }
        #expect(said == reason)
    }

    @Test(arguments: [
        ("42P06", "CREATE SCHEMA public"), ("42704", "SET transaction_timeout = 0"), ("42710", "CREATE ROLE postgres"),
        ("42P01", "DROP TABLE public.t"), ("42P01", "ALTER TABLE ONLY public.t DROP CONSTRAINT t_pkey"),
        ("3F000", "DROP SCHEMA sink"), ("42P04", "CREATE DATABASE template1 WITH TEMPLATE = template0"),
        ("55006", "DROP ROLE postgres"),
    ])
    func passesOverWhatAGoodDumpDoes(sqlstate: String, statement: String) {
        var judge = ErrorJudge(Self.same)
        guard case .harmless = judge.judge(Self.error(sqlstate, "x"), of: Array(statement.utf8)) else {
            Issue.record("not harmless")
            return
        }
    }

    @Test(arguments: [
        ("42704", "SET no_such_setting = 0"), ("42P06", "CREATE SCHEMA shop"),
        ("42P01", "ALTER TABLE t ADD CONSTRAINT c"),
        ("42P04", "CREATE DATABASE shop"), ("22P02", "DROP TABLE public.t"),
    ])
    func passesOverNothingElse(sqlstate: String, statement: String) {
        var judge = ErrorJudge(Self.same)
        guard case .finding(.failed, _, _, _) = judge.judge(Self.error(sqlstate, "x"), of: Array(statement.utf8)) else {
            Issue.record("passed over")
            return
        }
    }

    @Test func doesNotBlameWhatFollowsFromAMissingExtension() {
        var judge = ErrorJudge(Self.same)
        let follower = Self.error("42704", "type \"geometry\" does not exist")
        let table = Array("CREATE TABLE t (g geometry)".utf8)
        guard case .finding(.failed, .objectMissing, _, _) = judge.judge(follower, of: table) else {
            Issue.record("alone it fails the backup")
            return
        }
        _ = judge.judge(
            Self.error("0A000", "extension \"postgis\" is not available"), of: Array("CREATE EXTENSION postgis".utf8))
        guard case .finding(.inconclusive, .extensionMissing, let because, _) = judge.judge(follower, of: table) else {
            Issue.record("blamed")
            return
        }
        #expect(because.contains("postgis"))
        // Rows that are none of their type are still the backup's own fault.
        guard
            case .finding(.failed, .dataRejected, _, _) = judge.judge(
                Self.error("22P02", "x"), of: Array("COPY a".utf8))
        else {
            Issue.record("a broken row was excused")
            return
        }
    }

    @Test(arguments: [("14.2", "15.1", 15), ("15.1", "18.1", 15), ("18.0", "18.0", 15)])
    func anotherVersionExplainsWhatIsNotUnderstood(dumped: String, tool: String, server: Int) {
        var judge = ErrorJudge(Self.circumstances(dumped: dumped, tool: tool, server: server))
        guard
            case .finding(.inconclusive, .versionDifference, _, _) = judge.judge(
                Self.error("42601", "syntax error"), of: Array("CREATE TABLE t".utf8))
        else {
            Issue.record("blamed")
            return
        }
        guard case .finding(.failed, _, _, _) = judge.judge(Self.error("23505", "twice"), of: Array("ALTER TABLE".utf8))
        else {
            Issue.record("a version does not explain rows")
            return
        }
    }

    @Test func dataAloneHasItsTablesElsewhere() {
        var judge = ErrorJudge(Self.circumstances(dumped: "15.1", tool: "15.1", server: 15, hasSchema: false))
        guard
            case .finding(.inconclusive, .selectionOnly, _, _) = judge.judge(
                Self.error("42P01", "relation does not exist"), of: Array("COPY t FROM stdin".utf8))
        else {
            Issue.record("blamed")
            return
        }
    }

    @Test func everyCodeStandsOnceAndWithItsReason() {
        #expect(Set(SQLStateVerdict.table.map(\.code)).count == SQLStateVerdict.table.count)
        for verdict in SQLStateVerdict.table {
            #expect(verdict.code.utf8.count == 2 || verdict.code.utf8.count == 5)
            #expect(!verdict.because.isEmpty)
            #expect(SQLStateVerdict.of(verdict.code) == verdict)
        }
    }
}
