import Backups
import Integrity
import TestSupport
import Testing

@testable import PostgreSQL

/// A load over several connections really uses them.
@Suite(.serialized)
struct LoadConnectionsTests {
    /// A dump whose rows are only taken while `wanted` sessions load at the same time.
    ///
    /// - Parameter tries: how often a session looks whether the others have come; it gives up then.
    private static func dump(wanted: Int, tries: Int, to directory: TemporaryDirectory) throws -> PlainDump {
        let source = try TestServer.shared().createDatabase()
        let tables = (1...4).map { "CREATE TABLE t\($0) (a integer CHECK (meet())); INSERT INTO t\($0) VALUES (1);" }
        try source.run(
            """
            CREATE FUNCTION meet() RETURNS boolean LANGUAGE sql AS 'SELECT true';
            \(tables.joined(separator: "\n"))
            CREATE OR REPLACE FUNCTION meet() RETURNS boolean LANGUAGE plpgsql AS $$
            DECLARE came integer;
            BEGIN
                -- Held until the session ends, so that who came first and is done still counts.
                PERFORM pg_advisory_lock_shared(4243);
                FOR i IN 1..\(tries) LOOP
                    SELECT count(DISTINCT pid) INTO came FROM pg_locks JOIN pg_database d ON d.oid = database
                    WHERE locktype = 'advisory' AND objid = 4243 AND datname = current_database();
                    IF came >= \(wanted) THEN RETURN true; END IF;
                    PERFORM pg_sleep(0.01);
                END LOOP;
                RAISE 'only % of \(wanted) sessions', came;
            END $$;
            """)
        let dump = try LoadSupport.scan(try source.dump(to: directory.file("dump.sql")))
        try source.drop()
        return dump
    }

    private static func load(wanted: Int, tries: Int, jobs: Int) throws -> LoadOutcome {
        let directory = try TemporaryDirectory()
        let server = try TestServer.shared()
        let name = "meeting_\(wanted)_\(jobs)"
        let outcome = try LoadSupport.load(
            try dump(wanted: wanted, tries: tries, to: directory), on: server,
            LoadOptions(jobs: jobs, database: name))
        try TestDatabase(server: server, name: name).drop()
        return outcome
    }

    @Test(arguments: [1, 2, 3])
    func asManyLoadRowsAtOnceAsWereAskedFor(jobs: Int) throws {
        let outcome = try Self.load(wanted: jobs, tries: 6000, jobs: jobs)
        #expect(outcome.findings == [])
        #expect(outcome.rowsLoaded.count == 4)
        // Rows that had to wait for others were loaded in their own place, and not when all was tried again alone.
        #expect(outcome.frozen.count == 4)
    }

    /// One session too few: the meeting that the other test rests on does not come about by itself.
    @Test(arguments: [1, 2])
    func noMoreThanWereAskedFor(jobs: Int) throws {
        let outcome = try Self.load(wanted: jobs + 1, tries: 1, jobs: jobs)
        #expect(outcome.findings.count == 4)
        #expect(outcome.findings.allSatisfy { $0.message.contains("of \(jobs + 1) sessions") })
    }
}
