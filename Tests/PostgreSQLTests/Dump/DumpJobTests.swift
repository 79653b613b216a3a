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

    @Test(arguments: [
        ("echo 'pg_dump: error: server closed the connection unexpectedly' >&2; exit 1", Reason.connectionFailed),
        (
            "echo 'pg_dump: error: query failed: ERROR:  canceling statement due to lock timeout' >&2; exit 1",
            .lockTimeout
        ),
        ("echo 'pg_dump: error: could not write: No space left on device' >&2; exit 1", .diskFull),
        ("echo 'pg_dump: error: query failed: ERROR:  permission denied for table t' >&2; exit 1", .permissionDenied),
        ("echo 'pg_dump: error: something new' >&2; exit 3", .serverFailed), ("kill -KILL $$", .serverFailed),
    ])
    func failureMidwayLeavesNothing(end: String, reason: Reason) async throws {
        try await onOwnThread {
            let database = try Self.makeShop(try TestServer.shared())
            let directory = try TemporaryDirectory()
            // A stand-in that writes a part and fails, as pg_dump does when its server goes away.
            let fake = try directory.write(
                """
                #!/bin/sh
                case "$*" in *--version*) echo 'pg_dump (PostgreSQL) 15.18'; exit 0;; esac
                for a in "$@"; do case "$a" in --file=*) printf 'half' >"${a#--file=}";; esac; done
                \(end)
                """, to: "pg_dump")
            try Tool.run("/bin/chmod", ["755", fake])
            let target = try TemporaryDirectory()
            var request = try Self.request(database, in: target)
            request.pgDump = fake
            let job = DumpJob(request, environment: [:], cancellation: Cancellation())
            let error = #expect(throws: Obstacle.self) { try job.run() }
            #expect(error?.reason == reason && error?.hint != nil)
            // What it said, once; or how it ended, where it said nothing.
            let said = end.split(separator: "'").dropFirst().first.map { ": \($0)" } ?? ""
            let how = said.isEmpty ? "signal 9" : end.hasSuffix("3") ? "exit status 3" : "exit status 1"
            #expect(error?.message == "pg_dump ended with \(how)\(said)")
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

    /// pg_dump itself, which first writes down what everybody on the machine can read of it: `ps`, /proc/PID/environ.
    static func observed(_ database: TestDatabase, in directory: TemporaryDirectory) throws -> (
        path: String, log: String
    ) {
        let log = directory.file("observed")
        let script = try directory.write(
            """
            #!/bin/sh
            cat /proc/$$/cmdline /proc/$$/environ | tr '\\0' '\\n' >>'\(log)'
            exec '\(database.server.installation.tool("pg_dump"))' "$@"
            """, to: "pg_dump")
        try Tool.run("/bin/chmod", ["755", script])
        return (script, log)
    }

    enum PasswordWay: CaseIterable, Sendable { case keyword, uri, passfile, environment }

    /// Says the password as a user would: in the request, or in the environment that is returned.
    static func give(
        _ way: PasswordWay, _ password: String, to request: inout DumpRequest, in directory: TemporaryDirectory
    ) throws -> [String: String] {
        let passfile = try directory.write("*:*:*:*:\(password)\n", to: "passwords")
        try Tool.run("/bin/chmod", ["600", passfile])
        let (host, name) = (request.source.values["host"] ?? "", request.source.values["dbname"] ?? "")
        request.source.values["user"] = TestServer.passwordRole
        switch way {
        case .keyword: request.source.values["password"] = password
        case .uri:
            let encoded = password.replacing(" ", with: "%20")
            request.source = try ConnectionParameters(
                conninfo: "postgresql://\(TestServer.passwordRole):\(encoded)@/\(name)?host=\(host)")
        case .passfile: request.source.values["passfile"] = passfile
        case .environment:
            // What our own sessions have of the environment is not for a test to change: other tests have it, too.
            request.source.values["passfile"] = passfile
            return ["PGPASSWORD": password]
        }
        return [:]
    }

    @Test(arguments: PasswordWay.allCases) func passwordReachesPgDumpAndNobodyElse(way: PasswordWay) async throws {
        try await onOwnThread {
            let server = try TestServer.shared()
            try server.makePasswordRole()
            let database = try Self.makeShop(server)
            try database.run(
                "GRANT SELECT ON LARGE OBJECT \(try database.query("SELECT oid FROM pg_largeobject_metadata")) TO needs_password"
            )
            let (target, directory) = (try TemporaryDirectory(), try TemporaryDirectory())
            let observed = try Self.observed(database, in: directory)
            for (password, name) in [(TestServer.password, "shop.sql.gz"), ("wr0ng horse", "other.sql.gz")] {
                var request = try Self.request(database, in: target)
                (request.pgDump, request.name) = (observed.path, name)
                let environment = try Self.give(way, password, to: &request, in: directory)
                let job = DumpJob(request, environment: environment, cancellation: Cancellation())
                if password == TestServer.password {
                    #expect(try job.run().manifest.rows.count == 3)
                } else {
                    let error = #expect(throws: Obstacle.self) { try job.run() }
                    #expect(error?.reason == .authenticationFailed)
                    #expect(error.map { "\($0)".contains("wr0ng") } == false)
                }
            }
            #expect(try Self.files(target).count == 2)
            let seen = try TestFile.text(observed.log)
            // Its arguments and its environment are there, the secret is in neither.
            #expect(seen.contains("\n--no-password\n") && seen.contains("\nLANG=C\n") && seen.contains(database.name))
            for part in ["correct", "horse", "wr0ng"] { #expect(!seen.contains(part), "\(seen)") }
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
