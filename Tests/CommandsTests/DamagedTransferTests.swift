import Glibc
import TestSupport
import Testing

/// Bytes that a line damages, from a store that has no digest of its objects to hold them against, as of those that were uploaded in
/// several parts: they are read once more before the backup is blamed.
@Suite(.serialized) struct DamagedTransferTests {
    /// Its ETags are no MD5.
    private static let store: Result<S3Server, any Error> = Result {
        try S3Server(S3Server.seesChanges + ["--etag-hash", "SHA1"])
    }

    private let server: S3Server
    private let bucket: S3Bucket
    private let proxy: FaultProxy

    init() throws {
        server = try Self.store.get()
        bucket = try server.makeBucket()
        proxy = try FaultProxy(before: server.port)
    }

    private func verify(_ name: String, until stage: String = "integrity") throws -> ToolResult {
        try RestoredShop.verify(
            ["--json", "--until", stage, "\(bucket.address)/\(name)"],
            environment: server.environment(endpoint: proxy.endpoint))
    }

    private func expectDamagedOnTheWay(_ result: ToolResult, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(result.status == 2, "\(result.outputText)\(result.errorText)", sourceLocation: sourceLocation)
        #expect(
            result.outputText.contains(#""verdict":"inconclusive","reason":"transfer-damaged""#),
            "\(result.outputText)", sourceLocation: sourceLocation)
        #expect(!result.outputText.contains(#""verdict":"failed""#), sourceLocation: sourceLocation)
    }

    private static func isRead(of name: String) -> @Sendable (FaultProxy.Request) -> Bool {
        { $0.method == "GET" && $0.target.contains(name) }
    }

    @Test(arguments: ["plain", "custom"]) func aDumpIsReadOnceMore(format: String) throws {
        let shop = try RestoredShop()
        let path = shop.directory.file("shop")
        try Tool.run(
            shop.database.server.installation.tool("pg_dump"),
            ["--format", format, "--compress", "6", "--file", path, "-d", shop.database.conninfo])
        let dump = try TestFile.read(path)
        try bucket.put(dump, "shop")
        let whole = try verify("shop")
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        let isRead = Self.isRead(of: "/\(bucket.name)/shop")
        let reads = proxy.requests.filter(isRead).count
        // The first bytes are looked at before.
        let place = dump.count - 1500
        proxy.plan([.none, .flip(at: place)], where: isRead)
        expectDamagedOnTheWay(try verify("shop"))
        #expect(proxy.requests.filter(isRead).count == 2 * reads + 1)

        var damaged = dump
        damaged[place] ^= 1
        try bucket.put(damaged, "damaged")
        let lying = try verify("damaged")
        #expect(lying.status == 1, "\(lying.outputText)\(lying.errorText)")
        #expect(proxy.requests.filter(Self.isRead(of: "/damaged")).count == reads + 1)
    }

    @Test func whatCanNotBeReadOnceMoreIsNotBlamed() throws {
        let shop = try RestoredShop()
        let dump = try TestFile.read(try Compressor.gzip.compress(try shop.dump()))
        try bucket.put(dump, "shop.sql.gz")
        let (path, place) = (bucket.path("shop.sql.gz"), dump.count / 2)
        proxy.plan(
            [
                .none, .flip(at: place),
                .after {
                    unlink(path)
                    usleep(S3Server.memory)
                },
            ], where: Self.isRead(of: "/shop.sql.gz"))
        let result = try verify("shop.sql.gz")
        #expect(result.status == 2, "\(result.outputText)\(result.errorText)")
        #expect(result.outputText.contains(#""reason":"vanished""#), "\(result.outputText)")
    }

    @Test func theManifestIsHeldAgainstWhatLiesThere() throws {
        let shop = try RestoredShop()
        let path = try shop.dump()
        #expect(try Restorable.run(["manifest", "write", path]).status == 0)
        let dump = try TestFile.read(path)
        try bucket.put(dump, "shop.sql")
        try bucket.put(try TestFile.read("\(path).manifest.json"), "shop.sql.manifest.json")
        #expect(try verify("shop.sql").status == 0)
        // A letter of a comment: nothing but the digest shows it.
        let place = try #require(dump.firstRange(of: Array("-- Name: ".utf8))).lowerBound + 4
        proxy.plan([.none, .flip(at: place)]) { $0.method == "GET" && $0.target.hasSuffix("/shop.sql") }
        expectDamagedOnTheWay(try verify("shop.sql"))
    }

    /// What was proved is what came first: the restore reads it again, in parts, which no digest of the store covers.
    @Test(arguments: [nil, Compressor.gzip], [["--etag-hash", "SHA1"], []])
    func theRestoreGetsTheBytesThatWereProved(compressor: Compressor?, etags: [String]) throws {
        let shop = try RestoredShop()
        let path = try shop.dump()
        let dump = try TestFile.read(try compressor?.compress(path) ?? path)
        let server = try etags.isEmpty ? S3Server.shared() : Self.store.get()
        let bucket = try server.makeBucket()
        let proxy = try FaultProxy(before: server.port)
        try bucket.put(dump, "shop")
        func verify() throws -> ToolResult {
            try RestoredShop.verify(
                ["--json", "--until", "rows", "\(bucket.address)/shop"],
                environment: server.environment(endpoint: proxy.endpoint))
        }
        let isRead = Self.isRead(of: "/\(bucket.name)/shop")
        let whole = try verify()
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        #expect(proxy.requests.filter(isRead).count > 2)
        proxy.plan([.none, .none, .flip(at: 40)], where: isRead)
        let mended = try verify()
        #expect(mended.status == 0, "\(mended.outputText)\(mended.errorText)")
        proxy.plan([.none, .none] + Array(repeating: .flip(at: 40), count: 1000), where: isRead)
        let result = try verify()
        #expect(result.status == 2, "\(result.outputText)\(result.errorText)")
        #expect(result.outputText.contains(#""reason":"transfer-damaged""#), "\(result.outputText)")
        #expect(!result.outputText.contains(#""verdict":"failed""#))
    }

    @Test func aDirectoryDumpIsReadOnceMore() throws {
        let shop = try RestoredShop()
        let path = bucket.path("shop.dir")
        try Tool.run(
            shop.database.server.installation.tool("pg_dump"),
            ["--format", "directory", "--file", path, "-d", shop.database.conninfo])
        usleep(S3Server.memory)
        let whole = try verify("shop.dir")
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        let isData: @Sendable (FaultProxy.Request) -> Bool = { $0.method == "GET" && $0.target.hasSuffix(".dat.gz") }
        proxy.plan([.flip(at: 15)], where: isData)
        expectDamagedOnTheWay(try verify("shop.dir"))
        let file = try #require(try TestFile.names(in: path).first { $0.hasSuffix(".dat.gz") })
        try Damage.flipBit(15 * 8).copy("\(path)/\(file)", to: "\(path)/\(file)")
        usleep(S3Server.memory)
        let lying = try verify("shop.dir")
        #expect(lying.status == 1, "\(lying.outputText)\(lying.errorText)")
    }

    private func makeBase(_ name: String, _ arguments: [String]) throws -> String {
        let cluster = try TestServer(cluster: ["--wal-segsize=1"])
        try Tool.run(
            cluster.installation.tool("pg_basebackup"),
            ["-D", bucket.path(name), "-d", cluster.conninfo(), "--no-sync", "--checkpoint=fast"] + arguments)
        usleep(S3Server.memory)
        return bucket.path(name)
    }

    @Test(arguments: [["-Ft", "-z"], ["-Ft"]]) func aTarOfABaseBackupIsReadOnceMore(arguments: [String]) throws {
        let base = try makeBase("base", arguments)
        let name = try #require(try TestFile.names(in: base).first { $0.hasPrefix("base.tar") })
        let whole = try verify("base")
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        // Within a file.
        let place = try TestFile.size("\(base)/\(name)") / 2
        proxy.plan([.none, .flip(at: Int(place))], where: Self.isRead(of: "/base/\(name)"))
        expectDamagedOnTheWay(try verify("base"))
        try Damage.flipBit(UInt64(place) * 8).copy("\(base)/\(name)", to: "\(base)/\(name)")
        usleep(S3Server.memory)
        let lying = try verify("base")
        #expect(lying.status == 1, "\(lying.outputText)\(lying.errorText)")
    }

    @Test func filesOfABaseBackupAreReadOnceMore() throws {
        let base = try makeBase("base", ["-Fp"])
        let whole = try verify("base")
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        let manifest = try TestFile.text("\(base)/backup_manifest")
        let start = try #require(manifest.firstMatch(of: /"Start-LSN": "[0-9A-F]+\/([0-9A-F]+)"/)?.output.1)
        let record = Int(try #require(UInt64(start, radix: 16)) % 1_048_576) + 25
        for (file, place) in [("/global/1262", 5000), ("/backup_manifest", 300), ("/pg_wal/0000000", record)] {
            proxy.plan([.flip(at: place)], where: Self.isRead(of: file))
            expectDamagedOnTheWay(try verify("base"))
        }
        try Damage.flipBit(40_000).copy("\(base)/global/1262", to: "\(base)/global/1262")
        usleep(S3Server.memory)
        // What lies damaged there is told, whatever a line does to others.
        proxy.plan([.flip(at: 5000)], where: Self.isRead(of: "/global/1260"))
        let lying = try verify("base")
        #expect(lying.status == 1, "\(lying.outputText)\(lying.errorText)")
    }

    /// A manifest without checksums: what a server stumbles over is read once more, too.
    @Test(arguments: ["-Fp", "-Ft"]) func whatNothingIsHeldAgainstIsReadOnceMore(layout: String) throws {
        let cluster = try TestServer(cluster: ["--wal-segsize=1", "--data-checksums"])
        let shop = try cluster.createDatabase(named: "shop")
        try shop.run(
            "CREATE TABLE words AS SELECT 'unmistakable ' || g AS word FROM generate_series(1, 500) g; CHECKPOINT")
        let base = bucket.path("base")
        try Tool.run(
            cluster.installation.tool("pg_basebackup"),
            [
                layout, "-D", base, "-d", cluster.conninfo(), "--no-sync", "--checkpoint=fast",
                "--manifest-checksums=NONE",
            ])
        let name = layout == "-Ft" ? "base.tar" : try shop.query("SELECT pg_relation_filepath('words')")
        let place = try #require(try TestFile.offset(of: "unmistakable", in: "\(base)/\(name)"))
        usleep(S3Server.memory)
        let whole = try verify("base", until: "rows")
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        #expect(whole.outputText.contains(#""content":"unproved""#))
        let isRead = Self.isRead(of: "/base/\(name)")
        let isLarge: @Sendable (FaultProxy.Request) -> Bool = { isRead($0) && $0.headers["range"] == nil }
        // The first bytes of a tar are looked at before.
        proxy.plan((layout == "-Ft" ? [.none] : []) + [.flip(at: Int(place))], where: isLarge)
        expectDamagedOnTheWay(try verify("base", until: "rows"))
        try Damage.flipBit(place * 8).copy("\(base)/\(name)", to: "\(base)/\(name)")
        usleep(S3Server.memory)
        let lying = try verify("base", until: "rows")
        #expect(lying.status == 1, "\(lying.outputText)\(lying.errorText)")
    }
}
