import Glibc
import Synchronization
import TestSupport
import Testing

/// What lines, stores and disks do while a drill runs: it is got over, or `inconclusive`; never the backup's fault, and never green.
@Suite(.serialized) struct DrillFaultTests {
    private static let original: Result<ArchivedProduction, any Error> = Result {
        let production = try ArchivedProduction(cluster: ["--data-checksums"], backup: ["-Ft", "-z"])
        try production.server.write(transactions: 200)
        try production.age()
        return production
    }

    private let production: ArchivedProduction
    private let bucket: S3Bucket
    private let proxy: FaultProxy

    init() throws {
        production = try Self.original.get()
        bucket = try S3Server.shared().makeBucket()
        proxy = try FaultProxy(before: S3Server.shared().port)
        try Tool.run("cp", ["-r", production.base, bucket.path("base")])
        try Tool.run("cp", ["-a", production.server.archive, bucket.path("wal")])
        usleep(S3Server.memory)
    }

    private func drill(
        _ arguments: [String] = [], variables: [String: String]? = nil
    ) throws -> ToolResult {
        try production.drill(
            ["--json", "--query", "SELECT count(*) = 3 FROM orders", "--dbname", "shop"] + arguments,
            base: "\(bucket.address)/base", archive: "\(bucket.address)/wal",
            environment: variables ?? S3Server.shared().environment(endpoint: proxy.endpoint))
    }

    private static let isBase: @Sendable (FaultProxy.Request) -> Bool = {
        $0.method == "GET" && $0.target.hasSuffix("/base/base.tar.gz")
    }

    private static let isSegment: @Sendable (FaultProxy.Request) -> Bool = {
        $0.method == "GET" && $0.target.contains("/wal/0000000")
    }

    @Test(
        arguments: [
            [.cut(after: 400_000), .reset(after: 300_000), .cut(after: 0), .slow(bytes: 200_000, pause: 10_000)],
            [
                .answer(status: 500, body: ""), .length(adding: 100),
                .answer(status: 503, body: "<Error><Code>SlowDown</Code></Error>"), .length(adding: -100),
            ],
        ] as [[FaultProxy.Fault]]) func whatPassesIsGotOver(faults: [FaultProxy.Fault]) throws
    {
        for matches in [Self.isBase, Self.isSegment] { proxy.plan(faults, where: matches) }
        let drill = try drill()
        #expect(drill.status == 0, "\(drill.outputText)\(drill.errorText)")
        #expect(proxy.requests.filter(Self.isBase).count >= faults.count)
        #expect(try production.leftovers() == [])
    }

    /// A byte that changed on its way is not the backup's, and not taken for it.
    @Test(arguments: [true, false]) func wrongBytesAreNeverVerified(inBase: Bool) throws {
        proxy.answer { request in
            (inBase ? Self.isBase : Self.isSegment)(request) ? .flip(at: 500_000) : nil
        }
        let drill = try drill()
        #expect(drill.status == 2, "\(drill.outputText)\(drill.errorText)")
        #expect(drill.outputText.contains(#""reason":"transfer-damaged""#))
        #expect(try production.leftovers() == [])
    }

    /// A store without digests: only the server sees what a line did to the middle of a segment. It is asked for once more before the
    /// archive is blamed.
    @Test func aSegmentThatALineDamagedIsNotTheArchives() throws {
        let server = try S3Server(S3Server.seesChanges + ["--etag-hash", "SHA1"])
        let bucket = try server.makeBucket()
        let proxy = try FaultProxy(before: server.port)
        try Tool.run("cp", ["-a", production.server.archive, bucket.path("wal")])
        usleep(S3Server.memory)
        func drill() throws -> ToolResult {
            try production.drill(
                ["--json", "--skip-amcheck"], archive: "\(bucket.address)/wal",
                environment: server.environment(endpoint: proxy.endpoint))
        }
        let whole = try drill()
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        let read = Mutex<Set<String>>([])
        proxy.answer { request in
            Self.isSegment(request) && read.withLock { $0.insert(request.target).inserted } ? .flip(at: 300_000) : nil
        }
        let damaged = try drill()
        #expect(damaged.status == 2, "\(damaged.outputText)\(damaged.errorText)")
        #expect(damaged.outputText.contains(#""verdict":"inconclusive","reason":"transfer-damaged""#))

        for name in try TestFile.names(in: bucket.path("wal")) where name.count == 24 {
            try Damage.flipBit(300_000 * 8).copy("\(production.server.archive)/\(name)", to: bucket.path("wal/\(name)"))
        }
        try production.age(bucket.path("wal"))
        usleep(S3Server.memory)
        let lying = try drill()
        #expect(lying.status == 1, "\(lying.outputText)\(lying.errorText)")
        #expect(lying.outputText.contains(#""reason":"corrupt""#))
        #expect(try production.leftovers() == [])
    }

    /// A store that refuses in the middle is not the end of the archive: the copy is not promoted.
    @Test func aStoreThatRefusesInTheMiddleIsNoEndOfTheArchive() throws {
        let reads = Counted()
        proxy.answer { request in
            Self.isSegment(request) && reads.next() > 2
                ? .answer(status: 403, body: "<Error><Code>AccessDenied</Code></Error>") : nil
        }
        let drill = try drill()
        #expect(drill.status == 2, "\(drill.outputText)\(drill.errorText)")
        #expect(drill.outputText.contains(#""verdict":"inconclusive","reason":"permission-denied""#))
        #expect(!drill.outputText.contains(#""recovered_to":"0/"#))
        #expect(try production.leftovers() == [])
    }

    /// Credentials of a container that have expired once the recovery began.
    @Test(arguments: [true, false]) func credentialsThatExpireInTheMiddleAreFetchedAgain(areRenewed: Bool) throws {
        let metadata = try FaultProxy(before: nil)
        let fetches = Counted()
        metadata.answer { _ in
            let token = areRenewed && fetches.next() > 1 ? "new" : "old"
            let body = """
                {"AccessKeyId":"\(S3Server.accessKey)","SecretAccessKey":"\(S3Server.secretKey)","Token":"\(token)",
                "Expiration":"2099-01-01T00:00:00Z"}
                """
            return .answer(status: 200, body: body)
        }
        let reads = Counted()
        proxy.answer { request in
            if Self.isSegment(request) { _ = reads.next() }
            return request.headers["x-amz-security-token"] == "old" && reads.value > 1
                ? .answer(status: 400, body: "<Error><Code>ExpiredToken</Code></Error>") : nil
        }
        let drill = try drill(variables: [
            "HOME": "/nonexistent", "AWS_ENDPOINT_URL": proxy.endpoint, "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(metadata.endpoint)/v1/credentials",
        ])
        #expect(drill.status == (areRenewed ? 0 : 2), "\(drill.outputText)\(drill.errorText)")
        if !areRenewed {
            #expect(drill.outputText.contains(#""verdict":"inconclusive","reason":"authentication-failed""#))
            #expect(!drill.outputText.contains(#""recovered_to":"0/"#))
        }
        #expect(metadata.requests.count > 1)
        #expect(try production.leftovers() == [])
    }

    @Test func whatMayNotTakeMoreDiskIsEnded() throws {
        let drill = try drill(["--max-disk", "8MiB"])
        #expect(drill.status == 2, "\(drill.outputText)\(drill.errorText)")
        #expect(drill.outputText.contains(#""reason":"disk-full""#))
        #expect(try production.leftovers() == [])
    }

    /// The disk fills, by somebody else, while the base backup is unpacked.
    @Test(.enabled(if: SmallFileSystem.isAllowed)) func aDiskThatFillsIsNotTheBackupsFault() throws {
        let disk = try SmallFileSystem(bytes: 512 << 20)
        let place = "\(disk.path)/scratch"
        let scratch = ["--scratch-directory", place]
        let whole = try drill(scratch)
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        proxy.plan([.after { disk.fill() }], where: Self.isBase)
        let full = try drill(scratch)
        #expect(full.status == 2, "\(full.outputText)\(full.errorText)")
        #expect(full.outputText.contains(#""reason":"disk-full""#))
        #expect(try TestFile.names(in: place).filter { $0.hasPrefix("scratch-") } == [])
    }
}

private final class Counted: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func next() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}
