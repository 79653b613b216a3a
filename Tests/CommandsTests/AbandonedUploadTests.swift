import Glibc
import Processes
import TestSupport
import Testing

/// A dump that can't be finished when parts of it are in the store already: nobody is left to pay for them.
@Suite struct AbandonedUploadTests {
    private let shop: RestoredShop
    private let server: S3Server
    private let bucket: S3Bucket
    private let proxy: FaultProxy

    init() throws {
        shop = try RestoredShop()
        server = try S3Server.shared()
        bucket = try server.makeBucket()
        proxy = try FaultProxy(before: server.port)
        // More than one part of 16 MiB.
        try shop.database.run(
            "CREATE TABLE big AS SELECT n, md5(n::text) || md5((n + 1)::text) AS t FROM generate_series(1, 520000) n")
    }

    private var arguments: [String] {
        // Nothing is compressed, for it to be quick.
        ["dump", shop.database.conninfo, "\(bucket.address)/pg/big", "--format", "custom", "--compress", "0"]
    }

    /// What the store keeps besides objects, as `gc` finds it.
    private func unfinished() throws -> String {
        let found = try Restorable.run(
            [
                "gc", "--scratch-directory", "\(shop.directory.path)/scratch", "--location", "\(bucket.address)/pg/",
                "--older-than", "0s",
            ], environment: server.environment())
        #expect(found.status == 0, "\(found.errorText)")
        return found.outputText
    }

    /// One part was taken, and the upload was aborted, once.
    private func expectAborted() throws {
        let uploads = proxy.requests.filter { $0.target.contains("uploadId=") }
        #expect(uploads.contains { $0.method == "PUT" && $0.target.contains("partNumber=1&") })
        #expect(uploads.filter { $0.method == "DELETE" }.count == 1)
        #expect(try unfinished() == "nothing to remove\n")
        #expect(try Tool.run("find", [bucket.directory, "-type", "f"]).outputText == "")
    }

    @Test func aPartThatIsRefusedAbortsTheUpload() throws {
        proxy.plan([.answer(status: 403, body: "<Error><Code>AccessDenied</Code></Error>")]) {
            $0.target.contains("partNumber=2")
        }
        let refused = try Restorable.run(arguments, environment: server.environment(endpoint: proxy.endpoint))
        #expect(refused.status == 2, "\(refused.outputText)\(refused.errorText)")
        #expect(refused.errorText.contains("(permission-denied)"), "\(refused.errorText)")
        try expectAborted()
    }

    @Test func aSignalAbortsTheUpload() throws {
        let end = try SignalledAtStore(server: server, proxy: proxy).run(arguments, SIGTERM) {
            $0.target.contains("partNumber=2")
        }
        #expect(end == .exited(2))
        try expectAborted()
    }
}
