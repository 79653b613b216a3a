import Glibc
import Processes
import TestSupport
import Testing

/// Every statement that production gets from us, as its own log has it: in a read-only transaction, under limits of time.
@Suite(.serialized) struct ProductionReadsTests {
    private static let reader = "reader"
    private static let limits = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"]

    private let directory: TemporaryDirectory
    private let server: TestServer
    private let shop: TestDatabase
    private let copy: TestDatabase

    init() throws {
        directory = try TemporaryDirectory()
        server = try TestServer(settings: [
            "log_statement": "all", "log_line_prefix": "%p|%u|%a|", "archive_mode": "on", "archive_command": "true",
        ])
        try server.maintenance.run(
            "CREATE ROLE \(Self.reader) LOGIN; GRANT pg_monitor, pg_read_all_data TO \(Self.reader)")
        (shop, copy) = (try server.createDatabase(), try server.createDatabase())
        for database in [shop, copy] {
            try database.run("CREATE TABLE a AS SELECT 1 AS n; CREATE TABLE b AS SELECT 2 AS n; CREATE SEQUENCE s")
        }
    }

    private func conninfo(_ database: TestDatabase) -> String {
        server.conninfo(database: database.name, user: Self.reader)
    }

    /// What one session was told, in order, without the sessions of pg_dump, which sees to itself.
    private func sessions() throws -> [[String]] {
        var sessions: [String: [String]] = [:]
        for line in try server.logText().split(separator: "\n") {
            let fields = line.split(separator: "|", maxSplits: 3, omittingEmptySubsequences: false)
            guard fields.count == 4, fields[1] == Self.reader, fields[2] != "pg_dump" else { continue }
            for mark in ["LOG:  statement: ", "LOG:  execute <unnamed>: "] where fields[3].hasPrefix(mark) {
                sessions[String(fields[0]), default: []].append(String(fields[3].dropFirst(mark.count)))
            }
        }
        return Array(sessions.values)
    }

    /// What is wrong with the statements of a session.
    private static func flaws(_ statements: [String]) -> [String] {
        var isReadOnly = false
        var inForce: Set<String> = []
        var flaws: [String] = []
        for statement in statements {
            if statement.hasPrefix("BEGIN") {
                isReadOnly = statement.contains("READ ONLY")
                inForce = []
                // The session that holds the locks and the snapshot of a dump waits without a word as long as pg_dump works;
                // what it waits for itself, locks, has a limit.
                if statement.contains("SET LOCAL lock_timeout = 10000") { inForce = Set(limits) }
            } else if statement.hasPrefix("COMMIT") || statement.hasPrefix("ROLLBACK") && !statement.contains(" TO ") {
                isReadOnly = false
            } else if statement.hasPrefix("SELECT") && statement.contains("set_config(") {
                // Of more than nothing: 0 is no limit.
                inForce.formUnion(
                    limits.filter { statement.contains("'\($0)', '") && !statement.contains("'\($0)', '0") })
            } else if !["SET TRANSACTION SNAPSHOT", "SAVEPOINT", "ROLLBACK TO"].contains(where: statement.hasPrefix) {
                if !isReadOnly { flaws.append("not read-only: \(statement)") }
                let missing = Set(limits).subtracting(inForce)
                if !missing.isEmpty { flaws.append("without \(missing.sorted()): \(statement)") }
            }
        }
        return flaws
    }

    /// Holds all that was said until now against the rules.
    /// - Parameter told: what must have been among it, so that this proves something.
    private func expectReads(of told: [String]) throws {
        for statements in try sessions() { #expect(Self.flaws(statements) == []) }
        let log = try server.logText()
        for part in told { #expect(log.contains(part), "nobody said \(part)") }
    }

    @Test func verifyAgainstOnlyReads() throws {
        let path = try shop.dump(to: directory.file("shop.sql"))
        let result = try RestoredShop.verify(["--against", conninfo(shop), "--checksums", path])
        #expect(result.status == 0, "\(result.outputText)")
        try expectReads(of: ["count(*)", "pg_export_snapshot", "SET TRANSACTION SNAPSHOT", "pg_catalog.pg_class"])
    }

    @Test func compareOnlyReads() throws {
        let result = try Restorable.run(["compare", "--checksums", conninfo(shop), conninfo(copy)])
        #expect(result.status == 0, "\(result.outputText)")
        try expectReads(of: ["count(*)", "pg_export_snapshot", "pg_catalog.pg_class", "pg_sequence"])
    }

    @Test func dumpOnlyReads() throws {
        let result = try Restorable.run(["dump", conninfo(shop), directory.file("shop.sql.gz")])
        #expect(result.status == 0, "\(result.errorText)")
        try expectReads(of: ["count(*)", "LOCK TABLE", "pg_export_snapshot", "pg_sequence"])
        // pg_dump has a limit for its locks from us, and reads only by itself.
        let log = try server.logText()
        #expect(log.contains("|pg_dump|LOG:  statement: SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        #expect(log.contains("|pg_dump|LOG:  statement: SET statement_timeout = '10000'"))
    }

    @Test func theDaemonOnlyReads() throws {
        let path = try shop.dump(to: directory.file("shop-1.sql"))
        try Tool.run("touch", ["--date", "1 hour ago", path])
        let daemon = try DaemonProcess(
            """
            production_interval: 1s
            samples_interval: 1s
            databases:
              - { name: shop, connection: "\(conninfo(shop))", backups: { location: \(directory.path), match: "shop-*.sql" } }
            """, in: directory)
        try daemon.waitForMetric(#"postgres_connection_up{database="shop"} 1"#)
        try DaemonProcess.eventually("production was asked and sampled") {
            let log = try server.logText()
            return log.contains("pg_stat_archiver") && log.contains("pg_stat_get_tuples_inserted")
        }
        _ = try daemon.end(SIGTERM)
        try expectReads(of: ["pg_database_size", "pg_is_in_recovery"])
    }
}
