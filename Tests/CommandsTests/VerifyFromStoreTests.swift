import Backups
import TestSupport
import Testing

/// Backups that lie in a bucket, with the built program.
@Suite(.serialized) struct VerifyFromStoreTests {
    private let shop: RestoredShop
    private let server: S3Server
    private let bucket: S3Bucket
    private let dump: [UInt8]

    init() throws {
        shop = try RestoredShop()
        server = try S3Server.shared()
        bucket = try server.makeBucket()
        dump = try TestFile.read(try Compressor.gzip.compress(try shop.dump()))
    }

    private func verify(
        _ arguments: [String], endpoint: String? = nil, _ more: [String: String] = [:]
    ) throws -> ToolResult {
        let environment = server.environment(endpoint: endpoint).merging(more) { _, new in new }
        return try RestoredShop.verify(arguments, environment: environment)
    }

    @Test func aDumpIsVerifiedWhereItLies() throws {
        try bucket.put(dump, "a b/shop+1.sql.gz")
        let result = try verify(["--json", "\(bucket.address)/a b/shop+1.sql.gz"])
        #expect(result.status == 0, "\(result.outputText) \(result.errorText)")
        #expect(result.outputText.contains(#""location":"\#(bucket.address)/a b","name":"shop+1.sql.gz""#))
        #expect(result.outputText.contains(#""verdict":"verified""#))
        #expect(result.outputText.contains(#""restored_rows":500"#))
        #expect(result.outputText.contains(#""size_bytes":\#(dump.count)"#))
        // Nothing of it was written anywhere.
        #expect(try !TestFile.names(in: RestoredShop.scratch).contains { $0.contains("spool") })
    }

    @Test func aCutOneFails() throws {
        try bucket.put(Array(dump.dropLast(100)), "shop.sql.gz")
        let result = try verify(["--json", "\(bucket.address)/shop.sql.gz"])
        #expect(result.status == 1)
        #expect(result.outputText.contains(#""reason":"truncated""#))
    }

    @Test(arguments: [
        ("a wrong secret", ["AWS_SECRET_ACCESS_KEY": "wrong"], "authentication-failed"),
        ("no credentials", ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""], "authentication-failed"),
        ("nobody there", ["AWS_ENDPOINT_URL": "http://127.0.0.1:1"], "connection-failed"),
        ("a profile that is not there", ["AWS_ACCESS_KEY_ID": "", "AWS_PROFILE": "nobody"], "authentication-failed"),
    ])
    func whatTheStoreDoesIsNotTheBackups(name: String, variables: [String: String], reason: String) throws {
        try bucket.put(dump, "shop.sql.gz")
        let result = try verify(["--json", "\(bucket.address)/shop.sql.gz"], variables)
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""verdict":"inconclusive","reason":"\#(reason)""#), "\(result.outputText)")
        #expect(!result.outputText.contains(#""hint":null,"proof""#))
        #expect(!(result.outputText + result.errorText).contains(S3Server.secretKey))
    }

    @Test func whatIsMissingIsNamed() throws {
        let result = try verify(["\(bucket.address)/none.sql.gz", "s3://no-such-bucket-here/x"])
        #expect(result.status == 2)
        #expect(result.outputText.contains("\(bucket.address)/none.sql.gz is not there"))
        #expect(result.outputText.contains("there is no bucket no-such-bucket-here"))
    }

    @Test(arguments: ["custom", "tar"]) func anArchiveIsFetchedOnce(format: String) throws {
        let path = shop.directory.file("shop.\(format)")
        try Tool.run(
            shop.database.server.installation.tool("pg_dump"),
            ["--format", format, "--file", path, "-d", shop.database.conninfo])
        let bytes = try TestFile.read(path)
        try bucket.put(bytes, "shop")
        let proxy = try FaultProxy(before: server.port)
        let result = try verify(["--json", "\(bucket.address)/shop"], endpoint: proxy.endpoint)
        #expect(result.status == 0, "\(result.outputText)")
        #expect(result.outputText.contains(#""restored_rows":500"#))
        #expect(proxy.requests.filter { $0.method == "GET" && $0.target.hasSuffix("/shop") }.count <= 2)
        try bucket.put(Array(bytes.dropLast(bytes.count / 3)), "cut")
        #expect(try verify(["\(bucket.address)/cut"]).status == 1)
    }

    @Test func aFilterDecryptsWhatLiesThere() throws {
        try bucket.put(dump.map { $0 ^ 0 }, "shop.sql.gz")
        let result = try verify(["--json", "--filter", "gunzip", "\(bucket.address)/shop.sql.gz"])
        #expect(result.status == 0, "\(result.outputText)")
        #expect(result.outputText.contains(#""size_bytes":\#(dump.count)"#))
    }

    @Test func theManifestBesideItIsFound() throws {
        let path = shop.directory.file("shop.sql.gz")
        try TestFile.write(dump, to: path)
        #expect(try Restorable.run(["manifest", "write", path]).status == 0)
        try bucket.put(dump, "shop.sql.gz")
        try bucket.put(try TestFile.read("\(path).manifest.json"), "shop.sql.gz.manifest.json")
        let result = try verify(["--until", "integrity", "\(bucket.address)/shop.sql.gz"])
        #expect(result.status == 0)
        #expect(result.outputText.contains("size and SHA-256 are those of the manifest"))
        try bucket.put(dump + [0], "shop.sql.gz")
        #expect(try verify(["--until", "integrity", "\(bucket.address)/shop.sql.gz"]).status == 1)
        try bucket.put(Array("{".utf8), "shop.sql.gz.manifest.json")
        let unusable = try verify(["--until", "integrity", "\(bucket.address)/shop.sql.gz"])
        #expect(unusable.outputText.contains("(manifest-unusable)") || unusable.outputText.contains("manifest"))
        #expect(unusable.status != 0)
        let named = try verify(["--until", "integrity", "\(bucket.address)/shop.sql.gz.manifest.json"])
        #expect(named.status == 2)
    }

    @Test func faultsOfTheLineChangeNothing() throws {
        try bucket.put(dump, "shop.sql.gz")
        let proxy = try FaultProxy(before: server.port)
        proxy.plan([.cut(after: 100), .answer(status: 503, body: ""), .reset(after: 200), .stall(after: 0)].dropLast())
        {
            $0.method == "GET" && $0.target.hasSuffix("/shop.sql.gz")
        }
        let result = try verify(["\(bucket.address)/shop.sql.gz"], endpoint: proxy.endpoint)
        #expect(result.status == 0, "\(result.outputText)")
    }

    @Test func bytesThatChangedOnTheWayAreNotTheBackups() throws {
        try bucket.put(dump, "shop.sql.gz")
        let proxy = try FaultProxy(before: server.port)
        let (half, count) = (dump.count / 2, dump.count)
        proxy.answer { request in
            request.method == "GET" && request.target.hasSuffix("/shop.sql.gz") ? .flip(at: min(half, count)) : nil
        }
        let result = try verify(["--json", "\(bucket.address)/shop.sql.gz"], endpoint: proxy.endpoint)
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""reason":"transfer-damaged""#), "\(result.outputText)")
    }

    @Test func whatIsReplacedMeanwhileHasVanished() throws {
        try bucket.put(dump, "shop.sql.gz")
        let proxy = try FaultProxy(before: server.port)
        let (bucket, other) = (bucket, Array(dump.reversed()))
        proxy.plan([.none, .cut(after: 50), .after { try bucket.put(other, "shop.sql.gz") }]) {
            $0.method == "GET" && $0.target.hasSuffix("/shop.sql.gz")
        }
        let result = try verify(["--json", "\(bucket.address)/shop.sql.gz"], endpoint: proxy.endpoint)
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""reason":"vanished""#), "\(result.outputText)")
    }

    @Test func configuredDatabasesLieInABucket() throws {
        try bucket.put(dump, "pg/shop-20261119-020000.sql.gz")
        try bucket.put(dump, "pg/shop-20261120-020000.sql.gz")
        try bucket.put(dump, "elsewhere/shop-20261121-020000.sql.gz")
        try bucket.put(Array("SELECT 1;".utf8), "pg/notes.txt")
        let config = try shop.directory.write(
            """
            databases:
              - name: shop
                backups: { location: "\(bucket.address)/pg/", match: "{database}-{time:yyyyMMdd-HHmmss}.sql.gz" }
              - name: other
                backups: { location: "\(bucket.address)/none", match: "other-*" }
              - name: closed
                backups: { location: "s3://no-such-bucket-here/pg", match: "closed-*" }
            """, to: "restorable.yml")
        let base = ["--json", "--until", "integrity", "--config", config]
        let latest = try verify(base + ["--database", "shop"])
        #expect(latest.status == 0, "\(latest.outputText)")
        #expect(latest.outputText.contains(#""name":"shop-20261120-020000.sql.gz""#))
        #expect(latest.outputText.contains(#""data_as_of":"2026-11-20T02:00:00Z""#))
        #expect(try verify(base + ["--database", "other"]).outputText.contains(#""reason":"no-backup""#))
        let closed = try verify(base + ["--database", "closed"])
        #expect(closed.status == 2)
        #expect(closed.outputText.contains("there is no bucket"))
        try Tool.shell(#"touch -d '10 minutes ago' "$1"/*"#, [bucket.path("pg")])
        let listed = try Restorable.run(
            ["backups", "--config", config, "--database", "shop"], environment: server.environment())
        #expect(listed.status == 0)
        let lines = listed.outputText.split(separator: "\n")
        #expect(lines.count == 3 && lines[1].contains("shop-20261120-020000.sql.gz") && lines[1].contains("plain gzip"))
    }

    /// `--globals` belongs to all of several backups, and lies there, too.
    @Test func globalsLieInTheBucket() throws {
        let role = "keeper_\(UInt32.random(in: 0 ... .max))"
        try shop.database.run("CREATE ROLE \(role); ALTER TABLE users OWNER TO \(role)")
        defer { try? shop.database.run("REASSIGN OWNED BY \(role) TO CURRENT_USER; DROP ROLE \(role)") }
        let owned = try TestFile.read(try Compressor.gzip.compress(try shop.dump()))
        try bucket.put(owned, "a.sql.gz")
        try bucket.put(owned, "b.sql.gz")
        let globals = try Compressor.gzip.compress(
            try shop.directory.write(
                "CREATE ROLE \(role);\nALTER ROLE \(role) WITH CONNECTION LIMIT 7;\n", to: "globals.sql"))
        try bucket.put(try TestFile.read(globals), "globals.sql.gz")
        let proxy = try FaultProxy(before: server.port)
        let result = try verify(
            [
                "--json", "--globals", "\(bucket.address)/globals.sql.gz", "--query",
                "limit=SELECT rolconnlimit = 7 FROM pg_roles WHERE rolname = '\(role)'", "\(bucket.address)/a.sql.gz",
                "\(bucket.address)/b.sql.gz",
            ], endpoint: proxy.endpoint)
        #expect(result.status == 0, "\(result.outputText)")
        #expect(result.outputText.split(separator: "\n").count == 2)
        #expect(proxy.requests.contains { $0.method == "GET" && $0.target.hasSuffix("/globals.sql.gz") })
        let missing = try verify(["--globals", "\(bucket.address)/none.sql", "\(bucket.address)/a.sql.gz"])
        #expect(missing.status == 2)
        #expect(missing.outputText.contains("\(bucket.address)/none.sql is not there"), "\(missing.outputText)")
    }

    @Test func aRemoteOfRcloneHoldsBackups() throws {
        try TestFile.write(dump, to: shop.directory.file("shop-1.sql.gz"))
        let program = try S3Server.program().split(separator: "/").dropLast().joined(separator: "/")
        let environment = [
            "PATH": "/usr/bin:/bin:/\(program)", "RCLONE_CONFIG": "/dev/null", "RCLONE_CONFIG_STORE_TYPE": "local",
        ]
        let address = "rclone:store:\(shop.directory.path)"
        let result = try RestoredShop.verify(["--json", "\(address)/shop-1.sql.gz"], environment: environment)
        #expect(result.status == 0, "\(result.outputText)")
        #expect(result.outputText.contains(#""restored_rows":500"#))
        let missing = try RestoredShop.verify(["\(address)/none"], environment: environment)
        #expect(missing.status == 2 && missing.outputText.contains("is not there"))
        let unknown = try RestoredShop.verify(["rclone:nobody:x"], environment: environment)
        #expect(unknown.status == 2 && unknown.outputText.contains("listremotes"), "\(unknown.outputText)")
        let without = try RestoredShop.verify(["\(address)/none"], environment: ["PATH": "/nonexistent"])
        #expect(without.status == 2 && without.outputText.contains("(tool-missing)"))
    }
}
