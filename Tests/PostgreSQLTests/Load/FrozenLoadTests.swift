import Backups
import Integrity
import TestSupport
import Testing

@testable import PostgreSQL

/// Rows that are loaded frozen and without WAL: as it lies on the disk of a scratch server, and in its log.
@Suite(.serialized)
struct FrozenLoadTests {
    /// What became of a table's rows.
    private struct Fate {
        let pages: Int64
        let frozenPages: Int64
        /// Bytes of the WAL records that are about a page of it.
        let logged: Int64

        var isFrozen: Bool { pages > 0 && frozenPages == pages && logged == 0 }
        var isPlain: Bool { frozenPages == 0 && logged > pages * 8192 / 2 }
    }

    private static let tables = ["plain", "heir", "ancestor", "low", "high", "lone_one"]

    /// Each is larger than `wal_skip_threshold` (2 MB): what is smaller is written to the WAL at commit, page by page.
    private static let source = Result {
        let database = try TestServer.shared().createDatabase()
        try database.run(
            """
            CREATE TABLE plain (id integer PRIMARY KEY, filler text);
            CREATE TABLE ancestor (id integer, filler text);
            CREATE TABLE heir () INHERITS (ancestor);
            CREATE TABLE parted (id integer, filler text) PARTITION BY RANGE (id);
            CREATE TABLE low PARTITION OF parted FOR VALUES FROM (0) TO (100000);
            CREATE TABLE high PARTITION OF parted FOR VALUES FROM (100000) TO (200000);
            CREATE TABLE lone (id integer, filler text) PARTITION BY LIST (id);
            CREATE TABLE lone_one PARTITION OF lone DEFAULT;
            """)
        for (table, first) in [
            ("plain", 1), ("ancestor", 1), ("heir", 1), ("parted", 1), ("parted", 100_001), ("lone", 1),
        ] {
            try database.run(
                "INSERT INTO \(table) SELECT i, repeat('f', 900) FROM generate_series(\(first), \(first + 3000)) i")
        }
        return database
    }

    private static let scratch = Result { try SharedScratch.start(TestScratch.configuration()) }

    private static func load(
        _ arguments: [String], jobs: Int, freezes: Bool = true, as name: String
    ) throws -> (outcome: LoadOutcome, fates: [String: Fate]) {
        let directory = try TemporaryDirectory()
        let dump = try LoadSupport.scan(try source.get().dump(arguments, to: directory.file("dump.sql")))
        let server = try scratch.get()
        let start = try #require(try server.connect().query("SELECT pg_current_wal_insert_lsn()").scalar)
        let options = LoadOptions(jobs: jobs, database: name, freezes: freezes)
        let outcome = try NativeLoader(dump, options: options).load(
            into: server, cancellation: Cancellation(), progress: SilentProgress())
        let connection = try server.connect(database: name)
        // A switch of the segment writes out what was before it; only that can be read.
        try connection.execute(
            """
            CREATE EXTENSION pg_visibility;
            CREATE EXTENSION pg_walinspect;
            SELECT pg_switch_wal();
            CREATE TEMPORARY TABLE logged AS SELECT record_length, block_ref
                FROM pg_get_wal_records_info('\(start)', pg_current_wal_flush_lsn()) WHERE block_ref <> '';
            """)
        var fates: [String: Fate] = [:]
        for table in tables {
            let result = try connection.query(
                """
                SELECT pg_relation_size('\(table)') / 8192, s.all_frozen,
                    (SELECT coalesce(sum(record_length), 0) FROM logged
                        WHERE block_ref LIKE '%/' || pg_relation_filenode('\(table)') || ' %')
                FROM pg_visibility_map_summary('\(table)') s
                """)
            fates[table] = Fate(
                pages: try #require(result.integer(0, 0)), frozenPages: try #require(result.integer(0, 1)),
                logged: try #require(result.integer(0, 2)))
        }
        return (outcome, fates)
    }

    private static func name(_ table: String) -> TableName { TableName(schema: "public", name: table) }

    @Test(arguments: [1, 3])
    func tablesOfTheLoadItselfAreFrozenWithoutWAL(jobs: Int) throws {
        let (outcome, fates) = try Self.load([], jobs: jobs, as: "frozen_\(jobs)")
        #expect(outcome.findings == [])
        for table in Self.tables {
            #expect(fates[table]?.isFrozen == true, "\(table): \(fates)")
            #expect(outcome.rowsLoaded[Self.name(table)] == 3001)
        }
        #expect(outcome.frozen == Set(Self.tables.map(Self.name)))
        #expect(outcome.unfrozen == [:])
    }

    /// Several blocks of one table, and a block of a partitioned one, are loaded as the dump says.
    @Test(arguments: [1, 3])
    func whatComesThroughThePartitionedTableIsNot(jobs: Int) throws {
        let (outcome, fates) = try Self.load(
            ["--load-via-partition-root"], jobs: jobs, as: "through_root_\(jobs)")
        #expect(outcome.findings == [])
        for table in Self.tables {
            let isPartition = ["low", "high", "lone_one"].contains(table)
            #expect(fates[table]?.isFrozen == !isPartition, "\(table): \(fates)")
            #expect(fates[table]?.isPlain == isPartition, "\(table): \(fates)")
        }
        #expect(outcome.frozen == Set(["plain", "heir", "ancestor"].map(Self.name)))
        #expect(outcome.unfrozen == [:])
    }

    /// The same dump without it: what the other tests look at can be seen at all.
    @Test func nothingIsFrozenWhereItIsNotAskedFor() throws {
        let (outcome, fates) = try Self.load([], jobs: 3, freezes: false, as: "not_frozen")
        #expect(outcome.findings == [])
        #expect(outcome.frozen == [])
        for table in Self.tables { #expect(fates[table]?.isPlain == true, "\(table): \(fates)") }
    }

    /// A key that is written into `CREATE TABLE`, as people do: TRUNCATE of the table it refers to is refused.
    @Test func aRefusedTruncateIsTold() throws {
        let text = """
            CREATE TABLE public.parents (a integer PRIMARY KEY);
            CREATE TABLE public.children (a integer REFERENCES public.parents);
            COPY public.parents (a) FROM stdin;
            1
            2
            \\.
            COPY public.children (a) FROM stdin;
            2
            \\.
            """
        let outcome = try PlainFindingTests.load(text, jobs: 1)
        #expect(outcome.findings == [])
        #expect(outcome.rowsLoaded == [Self.name("parents"): 2, Self.name("children"): 1])
        #expect(outcome.frozen == [Self.name("children")])
        #expect(outcome.unfrozen.keys.map(\.name) == ["parents"])
        #expect(outcome.unfrozen.values.first?.contains("foreign key") == true)
    }
}
