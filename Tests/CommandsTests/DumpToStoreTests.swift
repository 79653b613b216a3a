import Backups
import TestSupport
import Testing

/// `dump` straight into a bucket, and `verify` of what came of it.
@Suite(.serialized) struct DumpToStoreTests {
    private let shop: RestoredShop
    private let server: S3Server
    private let bucket: S3Bucket

    init() throws {
        shop = try RestoredShop()
        server = try S3Server.shared()
        bucket = try server.makeBucket()
    }

    private func dump(_ arguments: [String], endpoint: String? = nil) throws -> ToolResult {
        try Restorable.run(
            ["dump", shop.database.conninfo] + arguments, environment: server.environment(endpoint: endpoint))
    }

    private func names(_ folder: String = "") throws -> [String] {
        try TestFile.names(in: bucket.path(folder))
    }

    @Test(arguments: ["plain", "custom"]) func whatIsDumpedIsVerifiedByItsManifest(format: String) throws {
        let address = "\(bucket.address)/pg/shop"
        let made = try dump([address, "--format", format, "--checksums"])
        #expect(made.status == 0, "\(made.errorText)")
        #expect(made.outputText.contains("restorable verify \(address)"))
        #expect(try names("pg") == ["shop", "shop.manifest.json"])
        let result = try RestoredShop.verify(["--json", address], environment: server.environment())
        #expect(result.status == 0, "\(result.outputText)")
        #expect(result.outputText.contains(#""proof":"manifest","proved_through":"checksums""#))
        let again = try dump([address, "--format", format])
        #expect(again.status == 2)
        #expect(again.errorText.contains("is already in \(bucket.address)/pg"))
    }

    @Test func aDirectoryOfABucketGetsANameOfItsOwn() throws {
        #expect(try dump(["\(bucket.address)/"]).status == 0)
        #expect(try dump(["\(bucket.address)/pg/"]).status == 0)
        for folder in ["", "pg"] {
            let found = try names(folder).filter { $0.hasPrefix(shop.database.name) }
            #expect(found.count == 2 && found[1] == found[0] + ".manifest.json")
        }
    }

    @Test func aLargeOneIsUploadedInParts() throws {
        try shop.database.run(
            "CREATE TABLE big AS SELECT n, md5(n::text) || md5((n + 1)::text) AS t FROM generate_series(1, 1100000) n")
        let proxy = try FaultProxy(before: server.port)
        // Parts of an upload are sent again, too.
        proxy.plan([.answer(status: 500, body: "")]) { $0.target.contains("partNumber=2") }
        let made = try dump(["\(bucket.address)/big.sql.gz"], endpoint: proxy.endpoint)
        #expect(made.status == 0, "\(made.errorText)")
        #expect(proxy.requests.filter { $0.target.contains("partNumber=") }.count > 2)
        let result = try RestoredShop.verify(
            ["--json", "--until", "integrity", "\(bucket.address)/big.sql.gz"], environment: server.environment())
        #expect(result.status == 0, "\(result.outputText)")
        #expect(result.outputText.contains("1100000"))
    }

    @Test func aStoreThatRefusesLeavesNothing() throws {
        let proxy = try FaultProxy(before: server.port)
        proxy.answer {
            $0.method == "PUT" ? .answer(status: 403, body: "<Error><Code>AccessDenied</Code></Error>") : nil
        }
        let made = try dump(["\(bucket.address)/shop.sql.gz"], endpoint: proxy.endpoint)
        #expect(made.status == 2)
        #expect(made.errorText.contains("(permission-denied)"))
        #expect(try names() == [])
    }

    /// The backup itself is refused when its manifest is there already: that goes, too.
    @Test func aBackupThatCannotBeFinishedLeavesNoManifest() throws {
        let proxy = try FaultProxy(before: server.port)
        proxy.answer { request in
            request.method == "PUT" && request.target.hasSuffix("/shop.sql.gz")
                ? .answer(status: 403, body: "<Error><Code>AccessDenied</Code></Error>") : nil
        }
        #expect(try dump(["\(bucket.address)/shop.sql.gz"], endpoint: proxy.endpoint).status == 2)
        #expect(try names() == [])
        #expect(proxy.requests.contains { $0.method == "DELETE" && $0.target.hasSuffix(".manifest.json") })
    }

    @Test func aDirectoryDumpIsRefused() throws {
        let made = try dump(["\(bucket.address)/shop.dir", "--format", "directory"])
        #expect(made.status == 2)
        #expect(made.errorText.contains("--format custom"))
    }
}
