import Backups
import Glibc
import PostgreSQL
import TestSupport
import Testing

@Suite struct DumpJobTests {
    static func request(
        _ database: TestDatabase, in directory: TemporaryDirectory, format: DumpRequest.Format = .plain,
        checksums: Bool = false
    ) throws -> DumpRequest {
        DumpRequest(
            source: try ConnectionParameters(conninfo: database.conninfo), directory: directory.path,
            name: "shop\(format.suffix)", format: format, pgDump: database.server.installation.tool("pg_dump"),
            checksums: checksums)
    }

    static func files(_ directory: TemporaryDirectory) throws -> [String] {
        try Tool.run("/bin/ls", ["-A", directory.path]).outputText.split(separator: "\n").map(String.init)
    }

    static func makeShop(_ server: TestServer) throws -> TestDatabase {
        let database = try server.createDatabase()
        try database.run(
            """
            CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text);
            INSERT INTO orders (note) SELECT 'n' || i FROM generate_series(1, 1000) i;
            CREATE TABLE "odd name" (x int);
            CREATE TABLE part (k int) PARTITION BY RANGE (k);
            CREATE TABLE part1 PARTITION OF part FOR VALUES FROM (0) TO (10);
            INSERT INTO part SELECT i % 10 FROM generate_series(1, 7) i;
            SELECT lo_from_bytea(0, 'abc');
            """)
        return database
    }

    @Test(arguments: DumpRequest.Format.allCases) func dumpHasItsManifest(format: DumpRequest.Format) async throws {
        try await onOwnThread {
            let database = try Self.makeShop(try TestServer.shared())
            let directory = try TemporaryDirectory()
            let cancellation = Cancellation()
            let outcome = try DumpJob(
                try Self.request(database, in: directory, format: format, checksums: true), environment: [:],
                cancellation: cancellation
            ).run()
            let name = "shop\(format.suffix)"
            #expect(try Self.files(directory) == [name, "\(name).manifest.json"])
            let manifest = try Manifest.read(try TestFile.read(outcome.manifestPath), name: name)
            #expect(manifest == outcome.manifest)
            #expect(manifest.rows[TableName(schema: "public", name: "orders")] == 1000)
            #expect(manifest.rows[TableName(schema: "public", name: "odd name")] == 0)
            #expect(manifest.rows[TableName(schema: "public", name: "part1")] == 7)
            #expect(manifest.rows[TableName(schema: "public", name: "part")] == nil)
            #expect(manifest.coversContent && manifest.largeObjects?.count == 1)
            #expect(manifest.sequences.first?.before == SequencePosition(lastValue: 1000, isCalled: true))
            #expect(
                try ManifestCheck.run(manifest, path: outcome.path, cancellation: cancellation).verdict == .verified)
            try Tool.shell(
                "f=$(find \"$1\" -type f | sort | tail -1); printf x | dd of=\"$f\" bs=1 seek=20 conv=notrunc 2>/dev/null",
                [outcome.path])
            #expect(
                try ManifestCheck.run(manifest, path: outcome.path, cancellation: cancellation).reason
                    == .digestMismatch)
            try Tool.shell("f=$(find \"$1\" -type f | sort | tail -1); printf x >>\"$f\"", [outcome.path])
            #expect(
                try ManifestCheck.run(manifest, path: outcome.path, cancellation: cancellation).reason == .sizeMismatch)
        }
    }

    @Test func existingBackupIsNeverOverwritten() async throws {
        try await onOwnThread {
            let database = try Self.makeShop(try TestServer.shared())
            let directory = try TemporaryDirectory()
            let file = try directory.write("precious", to: "shop.sql.gz")
            let job = DumpJob(try Self.request(database, in: directory), environment: [:], cancellation: Cancellation())
            #expect(throws: Obstacle.self) { try job.run() }
            #expect(try TestFile.read(file) == Array("precious".utf8))
            #expect(try Self.files(directory) == ["shop.sql.gz"])
        }
    }

    @Test func failureMidwayLeavesNothing() async throws {
        try await onOwnThread {
            let database = try Self.makeShop(try TestServer.shared())
            // The dump has been writing for a while when it comes to this view's table.
            try database.run("CREATE FUNCTION boom() RETURNS int LANGUAGE sql AS 'SELECT 1/0'")
            let directory = try TemporaryDirectory()
            // A stand-in that writes a part and fails, as pg_dump does when its server goes away.
            let fake = try directory.write(
                """
                #!/bin/sh
                case "$*" in *--version*) echo 'pg_dump (PostgreSQL) 15.18'; exit 0;; esac
                for a in "$@"; do case "$a" in --file=*) printf 'half' >"${a#--file=}";; esac; done
                echo 'pg_dump: error: server closed the connection unexpectedly' >&2; exit 1
                """, to: "pg_dump")
            try Tool.run("/bin/chmod", ["755", fake])
            let target = try TemporaryDirectory()
            var request = try Self.request(database, in: target)
            request.pgDump = fake
            let job = DumpJob(request, environment: [:], cancellation: Cancellation())
            let error = #expect(throws: Obstacle.self) { try job.run() }
            #expect(error?.message.contains("server closed the connection") == true)
            #expect(try Self.files(target) == [])
        }
    }

    @Test func tooOldToolIsRefused() async throws {
        try await onOwnThread {
            let database = try Self.makeShop(try TestServer.shared(major: 18))
            let directory = try TemporaryDirectory()
            var request = try Self.request(database, in: directory)
            request.pgDump = TestInstallation.postgresql15.tool("pg_dump")
            let job = DumpJob(request, environment: [:], cancellation: Cancellation())
            #expect(throws: Obstacle.self) { try job.run() }
            #expect(try Self.files(directory) == [])
        }
    }

    @Test func passwordReachesPgDumpAndNobodyElse() async throws {
        try await onOwnThread {
            let server = try TestServer.shared()
            try server.makePasswordRole()
            let database = try Self.makeShop(server)
            try database.run(
                "GRANT pg_read_all_data TO needs_password; GRANT SELECT ON LARGE OBJECT \(try database.query("SELECT oid FROM pg_largeobject_metadata")) TO needs_password"
            )
            let directory = try TemporaryDirectory()
            var request = try Self.request(database, in: directory)
            request.source.values["user"] = TestServer.passwordRole
            request.source.values["password"] = TestServer.password
            let process = try DumpJob(request, environment: ["PGOPTIONS": ""], cancellation: Cancellation()).run()
            #expect(process.manifest.rows.count == 3)
            request.name = "other.sql.gz"
            request.source.values["password"] = "wrong"
            let job = DumpJob(request, environment: [:], cancellation: Cancellation())
            let error = #expect(throws: Obstacle.self) { try job.run() }
            #expect(error?.reason == .authenticationFailed)
            #expect(try Self.files(directory).count == 2)
        }
    }

    @Test func lockedTableEndsTheDump() async throws {
        try await onOwnThread {
            let database = try Self.makeShop(try TestServer.shared())
            let blocker = try Connection(ConnectionParameters(conninfo: database.conninfo))
            try blocker.execute("BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")
            let directory = try TemporaryDirectory()
            var request = try Self.request(database, in: directory)
            request.limits.lock = .seconds(1)
            let job = DumpJob(request, environment: [:], cancellation: Cancellation())
            let error = #expect(throws: Obstacle.self) { try job.run() }
            #expect(error?.reason == .lockTimeout)
            #expect(try Self.files(directory) == [])
            try blocker.execute("ROLLBACK")
        }
    }

    @Test func truncateAfterTheSnapshotHasToWait() async throws {
        try await onOwnThread {
            let database = try Self.makeShop(try TestServer.shared())
            let directory = try TemporaryDirectory()
            // pg_dump that first tries a TRUNCATE from another session: it must not get its lock.
            let tool = database.server.installation
            let script = try directory.write(
                """
                #!/bin/sh
                case "$*" in *--version*) exec '\(tool.tool("pg_dump"))' --version;; esac
                '\(tool.tool("psql"))' -X -d "\(database.conninfo)" -c "SET lock_timeout = '300ms'" -c 'TRUNCATE orders' \
                    >'\(directory.file("truncate.log"))' 2>&1
                exec '\(tool.tool("pg_dump"))' "$@"
                """, to: "pg_dump")
            try Tool.run("/bin/chmod", ["755", script])
            let target = try TemporaryDirectory()
            var request = try Self.request(database, in: target)
            request.pgDump = script
            let outcome = try DumpJob(request, environment: [:], cancellation: Cancellation()).run()
            let log = String(decoding: try TestFile.read(directory.file("truncate.log")), as: UTF8.self)
            #expect(log.contains("canceling statement due to lock timeout"))
            #expect(outcome.manifest.rows[TableName(schema: "public", name: "orders")] == 1000)
            let text = try Tool.run("/bin/zcat", [outcome.path]).outputText
            #expect(text.contains("\n1000\tn1000\n"))
        }
    }
}
