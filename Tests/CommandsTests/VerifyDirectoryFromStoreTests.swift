import Backups
import TestSupport
import Testing

/// Directory dumps that lie in a bucket, with the built program.
@Suite(.serialized) struct VerifyDirectoryFromStoreTests {
    private let shop: RestoredShop
    private let server: S3Server
    private let bucket: S3Bucket
    private let scratch: String

    init() throws {
        shop = try RestoredShop()
        server = try S3Server.shared()
        bucket = try server.makeBucket()
        scratch = RestoredShop.scratch
        try shop.database.run("SELECT lo_from_bytea(0, decode(repeat('ab', 5000), 'hex'))")
    }

    private var address: String { "\(bucket.address)/pg/shop.dir" }
    private var path: String { bucket.path("pg/shop.dir") }

    private func dump() throws {
        try Tool.run("mkdir", ["-p", bucket.path("pg")])
        try Tool.run(
            shop.database.server.installation.tool("pg_dump"),
            ["--format", "directory", "--file", path, "-d", shop.database.conninfo])
    }

    private func verify(_ arguments: [String], endpoint: String? = nil) throws -> ToolResult {
        try RestoredShop.verify(arguments, environment: server.environment(endpoint: endpoint))
    }

    /// Nothing that was fetched is left.
    private func checkNothingIsLeft() throws {
        #expect(try RestoredShop.leftovers().contains(#""removed":[]"#))
    }

    @Test func aDirectoryDumpIsVerified() throws {
        try dump()
        let proxy = try FaultProxy(before: server.port)
        let result = try verify(["--json", "--jobs", "2", address], endpoint: proxy.endpoint)
        #expect(result.status == 0, "\(result.outputText) \(result.errorText)")
        #expect(result.outputText.contains(#""location":"\#(bucket.address)/pg","name":"shop.dir""#))
        #expect(result.outputText.contains(#""verdict":"verified""#))
        #expect(result.outputText.contains(#""restored_rows":500"#))
        // The same as of the files where they lie.
        let local = try RestoredShop.verify(["--json", path])
        func digest(_ text: String) -> Substring? { text.firstMatch(of: /"sha256":"[0-9a-f]{64}"/)?.output }
        #expect(digest(result.outputText) != nil && digest(result.outputText) == digest(local.outputText))
        // Each file is fetched once.
        let fetched = proxy.requests.filter { $0.method == "GET" && $0.target.contains("/shop.dir/") }.map(\.target)
        #expect(fetched.count == Set(fetched).count && fetched.count >= 4, "\(fetched)")
        #expect(try verify(["\(address)/"]).status == 0)
        try checkNothingIsLeft()
    }

    @Test func itsManifestIsFound() throws {
        try dump()
        #expect(try Restorable.run(["manifest", "write", path]).status == 0)
        let result = try verify(["--until", "integrity", address])
        #expect(result.status == 0)
        #expect(result.outputText.contains("size and SHA-256 are those of the manifest"))
    }

    @Test func damageIsFound() throws {
        try dump()
        let files = try TestFile.names(in: path).filter { $0.hasSuffix(".dat.gz") }
        let file = try #require(files.first)
        let bytes = try TestFile.read("\(path)/\(file)")
        try bucket.put(Array(bytes.dropLast(9)), "pg/shop.dir/\(file)")
        let cut = try verify(["--json", address])
        #expect(cut.status == 1, "\(cut.outputText)")
        #expect(cut.outputText.contains(file))
        try Tool.run("rm", ["\(path)/\(file)"])
        let missing = try verify(["--json", address])
        #expect(missing.status == 1)
        #expect(missing.outputText.contains(#""reason":"missing-file""#), "\(missing.outputText)")
        try Tool.run("rm", ["\(path)/toc.dat"])
        let without = try verify([address])
        #expect(without.status == 1)
        #expect(without.outputText.contains("toc.dat, is missing"), "\(without.outputText)")
        try checkNothingIsLeft()
    }

    @Test func whatTheStoreDoesIsNotTheBackups() throws {
        try dump()
        let proxy = try FaultProxy(before: server.port)
        let isData: @Sendable (FaultProxy.Request) -> Bool = { $0.method == "GET" && $0.target.hasSuffix(".dat.gz") }
        proxy.plan([.cut(after: 3), .answer(status: 503, body: ""), .reset(after: 0)], where: isData)
        #expect(try verify([address], endpoint: proxy.endpoint).status == 0)

        let denying = try FaultProxy(before: server.port)
        denying.answer { isData($0) ? .answer(status: 403, body: "<Error><Code>AccessDenied</Code></Error>") : nil }
        let denied = try verify(["--json", address], endpoint: denying.endpoint)
        #expect(denied.status == 2)
        #expect(denied.outputText.contains(#""reason":"permission-denied""#), "\(denied.outputText)")

        let changing = try FaultProxy(before: server.port)
        let bucket = bucket
        changing.plan([.after { try bucket.put([1, 2, 3], "pg/shop.dir/9999.dat") }], where: isData)
        let changed = try verify(["--json", address], endpoint: changing.endpoint)
        #expect(changed.status == 2)
        #expect(changed.outputText.contains(#""reason":"vanished""#), "\(changed.outputText)")
        try checkNothingIsLeft()
    }

    @Test func whatDoesNotBelongIsNamedAndNotFetched() throws {
        try dump()
        try bucket.put([1, 2, 3], "pg/shop.dir/notes.txt")
        let proxy = try FaultProxy(before: server.port)
        let result = try verify([address], endpoint: proxy.endpoint)
        #expect(result.status == 0, "\(result.outputText)")
        #expect(result.outputText.contains("1 more in the directory do not belong to the archive"))
        #expect(!proxy.requests.contains { $0.method == "GET" && $0.target.hasSuffix("notes.txt") })
    }

    @Test func otherDirectoriesAreNamed() throws {
        try bucket.put([1], "folder/a")
        let folder = try verify(["\(bucket.address)/folder"])
        #expect(folder.status == 2 && folder.outputText.contains("no directory dump"), "\(folder.outputText)")
        try bucket.put([1], "base/backup_manifest")
        let base = try verify(["\(bucket.address)/base"])
        #expect(base.status == 1 && base.outputText.contains("backup_manifest is cut"), "\(base.outputText)")
        try dump()
        let filtered = try verify(["--filter", "cat", address])
        #expect(filtered.status == 2 && filtered.outputText.contains("which no filter reads"))
        let small = try verify(["--json", "--max-disk", "1KiB", address])
        #expect(small.status == 2)
        #expect(small.outputText.contains(#""reason":"disk-full""#), "\(small.outputText)")
        try checkNothingIsLeft()
    }

    @Test func aRemoteOfRcloneHoldsOne() throws {
        try dump()
        let program = try S3Server.program().split(separator: "/").dropLast().joined(separator: "/")
        let result = try RestoredShop.verify(
            ["--json", "rclone:store:\(path)"],
            environment: [
                "PATH": "/usr/bin:/bin:/\(program)", "RCLONE_CONFIG": "/dev/null", "RCLONE_CONFIG_STORE_TYPE": "local",
            ])
        #expect(result.status == 0, "\(result.outputText)")
        #expect(result.outputText.contains(#""restored_rows":500"#))
    }

    @Test func aConfiguredOneIsFound() throws {
        try dump()
        try Tool.shell(#"touch -d '10 minutes ago' "$1"/*"#, [path])
        let config = try shop.directory.write(
            """
            databases:
              - name: shop
                backups: { location: "\(bucket.address)/pg", match: "shop.dir" }
            """, to: "restorable.yml")
        let result = try verify(["--json", "--config", config])
        #expect(result.status == 0, "\(result.outputText)")
        let listed = try Restorable.run(["backups", "--config", config], environment: server.environment())
        #expect(listed.outputText.contains("directory"), "\(listed.outputText)")
        #expect(!listed.outputText.contains("unreadable"))
    }
}
