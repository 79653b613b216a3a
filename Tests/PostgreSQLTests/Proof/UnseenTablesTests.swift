import Backups
import TestSupport
import Testing

@testable import PostgreSQL

/// Tables whose index would be a detour to each of their rows.
@Suite struct UnseenTablesTests {
    @Test func whatVacuumHasSeenIsNone() throws {
        let database = try TestServer.shared().createDatabase()
        // VACUUM marks only pages whose transactions are on the disk already.
        try database.run(
            """
            SET synchronous_commit = on;
            CREATE TABLE seen WITH (autovacuum_enabled = off) AS SELECT repeat('x', 1000) AS what FROM generate_series(1, 1000);
            CREATE TABLE unseen WITH (autovacuum_enabled = off) AS SELECT repeat('x', 1000) AS what FROM generate_series(1, 1000);
            CREATE TABLE unknown WITH (autovacuum_enabled = off) AS SELECT repeat('x', 1000) AS what FROM generate_series(1, 1000);
            """)
        try database.run("VACUUM (FREEZE, ANALYZE) seen")
        try database.run("ANALYZE unseen")
        let tables = ["seen", "unseen", "unknown"].map { TableName(schema: "public", name: $0) }
        let connection = try Connection(try ConnectionParameters(conninfo: database.conninfo))
        func found(_ pages: Int64, rows: UInt64 = 1000) throws -> [String] {
            try UnseenTables.read(
                connection, moreThan: pages, rows: Dictionary(uniqueKeysWithValues: tables.map { ($0, rows) })
            )
            .filter { $0.schema == "public" }.map(\.name).sorted()
        }
        #expect(try found(5) == ["unknown", "unseen"])
        #expect(try found(100) == ["unseen"])
        #expect(try found(1000) == [])
        #expect(try found(100, rows: 10_001) == ["unknown", "unseen"])
    }
}
