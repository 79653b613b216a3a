import Backups
import Glibc
import Processes
import TestSupport
import Testing

/// `kill -9` while a store is read from or written to.
@Suite(.serialized) struct StoreKillTests {
    private let shop: RestoredShop
    private let server: S3Server
    private let bucket: S3Bucket
    private let proxy: FaultProxy

    init() throws {
        shop = try RestoredShop()
        server = try S3Server.shared()
        bucket = try server.makeBucket()
        proxy = try FaultProxy(before: server.port)
    }

    /// Starts the program, and kills it when the first request that `matches` has come to the store.
    private func kill(
        _ arguments: [String], at matches: @escaping @Sendable (FaultProxy.Request) -> Bool
    ) throws {
        let end = try SignalledAtStore(server: server, proxy: proxy).run(arguments, SIGKILL, at: matches)
        #expect(end == .signalled(SIGKILL))
    }

    /// Whatever lies there that is not always there; none where nothing came to lie at all.
    private func leftovers(in scratch: String) throws -> [String] {
        guard access(scratch, F_OK) == 0 else { return [] }
        return try TestFile.names(in: scratch).filter { $0 != "lock" && $0 != "templates" }
    }

    private func gc(_ arguments: [String]) throws -> ToolResult {
        try Restorable.run(
            ["gc", "--scratch-directory", "\(shop.directory.path)/scratch"] + arguments,
            environment: server.environment())
    }

    @Test(arguments: ["plain", "custom"]) func aKilledVerificationLeavesNothing(format: String) throws {
        try Tool.run(
            shop.database.server.installation.tool("pg_dump"),
            ["--format", format, "--file", bucket.path("shop"), "-d", shop.database.conninfo])
        let scratch = "\(shop.directory.path)/scratch"
        let reads = Counter()
        // The first looks what it is.
        try kill(["verify", "--scratch-directory", scratch, "\(bucket.address)/shop"]) {
            $0.method == "GET" && $0.target.hasSuffix("/shop") && reads.next() == 2
        }
        #expect(try leftovers(in: scratch) == [])
        #expect(try gc([]).outputText == "nothing to remove\n")
    }

    /// Files of a directory dump have names, and go with the next collection; or the next run.
    @Test func whatWasFetchedOfADirectoryIsCollected() throws {
        try Tool.run(
            shop.database.server.installation.tool("pg_dump"),
            ["--format", "directory", "--file", bucket.path("shop"), "-d", shop.database.conninfo])
        let scratch = "\(shop.directory.path)/scratch"
        try kill(["verify", "--scratch-directory", scratch, "\(bucket.address)/shop"]) {
            $0.method == "GET" && $0.target.hasSuffix("/toc.dat")
        }
        #expect(try gc([]).outputText.hasPrefix("removed  \(scratch)/scratch-"))
        #expect(try leftovers(in: scratch) == [])
    }

    @Test func theUploadOfAKilledDumpIsRemoved() throws {
        try shop.database.run(
            "CREATE TABLE big AS SELECT n, md5(n::text) || md5((n + 1)::text) AS t FROM generate_series(1, 520000) n")
        let location = "\(bucket.address)/pg/"
        // Nothing is compressed, for it to be quick.
        try kill(["dump", shop.database.conninfo, location, "--format", "custom", "--compress", "0"]) {
            $0.target.contains("partNumber=2")
        }
        #expect(try Tool.run("find", [bucket.directory, "-name", "*.dump"]).outputText == "")
        let key = try #require(
            proxy.requests.first { $0.target.contains("partNumber=1") }?.target.split(separator: "?").first)
        let name = try #require(key.split(separator: "/").last)
        // Somebody may still be writing it.
        #expect(try gc(["--location", location]).outputText == "nothing to remove\n")
        let removed = try gc(["--location", location, "--older-than", "0s"])
        #expect(removed.status == 0, "\(removed.errorText)")
        #expect(removed.outputText.hasPrefix("removed  \(bucket.address)/pg/\(name) (an upload"), "\(removed)")
        #expect(try gc(["--location", location, "--older-than", "0s"]).outputText == "nothing to remove\n")
    }

    /// Of another name, and of a moment ago: left alone. Of ours, and old: removed before the next dump is written.
    @Test func theNextDumpRemovesWhatAnEarlierOneLeft() throws {
        let old = "2026-01-02T02:00:00.000Z"
        func upload(_ key: String, _ identifier: String, _ time: String) -> String {
            "<Upload><Key>\(key)</Key><UploadId>\(identifier)</UploadId><Initiated>\(time)</Initiated></Upload>"
        }
        let listing = """
            <ListMultipartUploadsResult><Bucket>b</Bucket><IsTruncated>false</IsTruncated>\
            \(upload("pg/shop-20260102-020000.sql.gz", "left", old))\(upload("pg/theirs.tar", "theirs", old))\
            \(upload("pg/shop.sql.gz", "same", old))\(upload("pg/shop-20260102-020001.dump", "written", old))\
            </ListMultipartUploadsResult>
            """
        let now = "\(Timestamp.now())"
        proxy.answer { request in
            if request.target.contains("uploads=") && request.method == "GET" {
                return .answer(status: 200, body: listing)
            }
            guard request.method == "GET", request.target.contains("uploadId=") else {
                return request.method == "DELETE" ? .answer(status: 204, body: "") : nil
            }
            let time = request.target.contains("uploadId=written") ? now : old
            return .answer(
                status: 200,
                body:
                    "<ListPartsResult><Bucket>b</Bucket><Part><LastModified>\(time)</LastModified></Part></ListPartsResult>"
            )
        }
        let made = try Restorable.run(
            ["dump", shop.database.conninfo, "\(bucket.address)/pg/shop.sql.gz"],
            environment: server.environment(endpoint: proxy.endpoint))
        #expect(made.status == 0, "\(made.errorText)")
        let removed = proxy.requests.filter { $0.method == "DELETE" }.map(\.target)
        #expect(removed.count == 2)
        #expect(removed.contains { $0.hasSuffix("/pg/shop-20260102-020000.sql.gz?uploadId=left") })
        #expect(removed.contains { $0.hasSuffix("/pg/shop.sql.gz?uploadId=same") })
    }

    /// Who may not list uploads may dump.
    @Test func aStoreThatListsNoUploadsIsDumpedTo() throws {
        proxy.answer { request in
            request.method == "GET" && request.target.contains("uploads=")
                ? .answer(status: 403, body: "<Error><Code>AccessDenied</Code></Error>") : nil
        }
        let environment = server.environment(endpoint: proxy.endpoint)
        let address = "\(bucket.address)/shop.sql.gz"
        #expect(
            try Restorable.run(["dump", shop.database.conninfo, address], environment: environment).status == 0)
        let collected = try Restorable.run(
            ["gc", "--scratch-directory", "\(shop.directory.path)/scratch", "--location", bucket.address],
            environment: environment)
        #expect(collected.status == 2)
        #expect(collected.outputText.contains("FAILED"))
    }
}

private final class Counter: Sendable {
    private let state = SignalledOnce<Void>()

    /// 1, then 2.
    func next() -> Int {
        defer { state.set(()) }
        return state.current == nil ? 1 : 2
    }
}
