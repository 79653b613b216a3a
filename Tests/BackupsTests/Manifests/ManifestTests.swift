import Backups
import Testing

@Suite struct ManifestTests {
    static func make() throws -> Manifest {
        let digest = try #require(SHA256Digest(bytes: Array(0..<32)))
        return Manifest(
            backup: Manifest.BackupFile(
                name: "shop.sql.gz", size: 1234, sha256: digest, format: .plain, compression: .gzip),
            origin: .snapshot, database: "shop", snapshotAt: Timestamp(seconds: 1_795_000_000),
            completedAt: Timestamp(seconds: 1_795_000_007), walPosition: "0/1A2B3C",
            tool: Manifest.Tool(pgDump: "15.18"),
            server: Manifest.Server(version: "15.18 (Debian)", encoding: "UTF8"),
            tables: [
                Manifest.Table(name: TableName(schema: "public", name: "we\"ird\nü"), rows: 3, checksum: "1:2:3:4"),
                Manifest.Table(name: TableName(schema: "public", name: "empty"), rows: 0, checksum: "0:0:0:0"),
            ],
            sequences: [
                Manifest.Sequence(
                    name: TableName(schema: "public", name: "s"),
                    before: SequencePosition(lastValue: 1, isCalled: false),
                    after: SequencePosition(lastValue: 9, isCalled: true))
            ],
            largeObjects: Manifest.LargeObjects(count: 0),
            schema: Manifest.Schema(
                fingerprint: digest, algorithm: ChecksumAlgorithm.schema, objects: ["table public.empty": "00ff"]),
            checksumAlgorithm: ChecksumAlgorithm.tables)
    }

    @Test func readsWhatItWrote() throws {
        let manifest = try Self.make()
        let bytes = try manifest.jsonBytes()
        #expect(try Manifest.read(bytes, name: "m") == manifest)
        #expect(try Manifest.read(bytes, name: "m").jsonBytes() == bytes)
        #expect(manifest.server.major == 15)
        #expect(manifest.coversContent && manifest.proof == .manifest)
        let text = String(decoding: bytes, as: UTF8.self)
        for key in ["\"size_bytes\" : 1234", "\"snapshot_at\"", "\"wal_lsn\"", "\"pg_dump\"", "\"last_value\""] {
            #expect(text.contains(key))
        }
    }

    @Test(arguments: [
        ("\"version\" : 1", "\"version\" : 2"),
        ("\"version\" : 1", "\"edition\" : 1"),
        ("\"rows\" : 3", "\"rows\" : -3"),
        ("\"rows\" : 3", "\"rows\" : \"3\""),
        ("\"name\" : \"empty\"", "\"name\" : \"we\\\"ird\\nü\""),
        (ChecksumAlgorithm.tables, "crc32-1"),
        (ChecksumAlgorithm.schema, "md5-catalog"),
        ("\"shop.sql.gz\"", "\"../shop.sql.gz\""),
        ("\"origin\" : \"snapshot\"", "\"origin\" : \"guess\""),
        ("000102", "00010"),
        ("}\n", "\n"),
    ])
    func refusesWhatItDoesNotUnderstand(_ old: String, _ new: String) throws {
        let text = String(decoding: try Self.make().jsonBytes(), as: UTF8.self)
        #expect(text.contains(old))
        let damaged = text.replacing(old, with: new, maxReplacements: old == "}\n" ? .max : 1)
        let error = #expect(throws: Obstacle.self) { try Manifest.read(Array(damaged.utf8), name: "m") }
        #expect(error?.reason == .manifestUnusable)
    }

    @Test func checksumsNeedTheirAlgorithm() throws {
        var manifest = try Self.make()
        manifest.checksumAlgorithm = nil
        let bytes = try manifest.jsonBytes()
        #expect(throws: Obstacle.self) { try Manifest.read(bytes, name: "m") }
        #expect(!manifest.coversContent)
    }

    @Test func namesLieBesideTheBackup() {
        #expect(ManifestName.manifest(of: "/b/shop.sql.gz") == "/b/shop.sql.gz.manifest.json")
        #expect(ManifestName.manifest(of: "/b/shop.dir/") == "/b/shop.dir.manifest.json")
        #expect(ManifestName.isManifest("shop.sql.gz.manifest.json"))
    }
}
