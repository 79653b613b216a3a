import Backups
import Glibc
import Integrity
import Locations
import Synchronization
import TestSupport
import Testing

@testable import PostgreSQL

/// What a recovery is handed from an archive in a bucket: through a proxy that sees what is asked of the store.
@Suite(.serialized) struct StoredSupplyTests {
    private static let original: Result<ArchivingServer, any Error> = Result {
        let server = try ArchivingServer(layout: .prefixed)
        try server.write(transactions: 50)
        return server
    }

    private let directory: TemporaryDirectory
    private let bucket: S3Bucket
    private let proxy: FaultProxy
    private let archive: any WALArchiveSource
    private let segments: [String]
    private let cache: String

    init() throws {
        let server = try S3Server.shared()
        directory = try TemporaryDirectory()
        cache = directory.file("cache")
        bucket = try server.makeBucket()
        proxy = try FaultProxy(before: server.port)
        let wals = "\(try Self.original.get().archive)/wals"
        try Tool.run("mkdir", [bucket.path("pg")])
        try Tool.run("cp", ["-a", wals, bucket.path("pg/wals")])
        try TestFile.write(Array("1\t0/3000060\tpromoted\n".utf8), to: bucket.path("pg/wals/00000002.history"))
        segments = try TestFile.names(in: "\(wals)/0000000100000000").map { String($0.prefix(24)) }
        archive = try KnownLocations(environment: server.environment(endpoint: proxy.endpoint)).archive(
            "\(bucket.address)/pg")
        usleep(S3Server.memory)
    }

    private func supply() throws -> WALSupply {
        try WALSupply(archive, cacheDirectory: cache, cancellation: Cancellation())
    }

    private func content(_ name: String) throws -> [UInt8] {
        let stored = try FileBytes(bucket.path("pg/wals/0000000100000000/\(name).gz"))
        return try CheckpointedContent(source: stored, compression: .gzip).open(at: 0).bytes(2 << 20)
    }

    /// Requests whose path or query names this.
    private func requests(of name: String) -> [FaultProxy.Request] {
        proxy.requests.filter { $0.target.contains(name) }
    }

    @Test func segmentsComeFromABucket() throws {
        let supply = try supply()
        let listings = requests(of: "list-type").count
        for name in segments.prefix(6) {
            let file = try #require(try supply.file(name))
            #expect(try TestFile.read(file) == content(name), "\(name)")
        }
        #expect(requests(of: "list-type").count == listings)
        #expect(try supply.file("00000002.history") != nil)
        // Absence costs a page for each place, and is seen at once.
        #expect(try supply.file("00000003.history") == nil)
        let pages = requests(of: "list-type").count - listings
        #expect((1...3).contains(pages), "\(pages)")
        #expect(requests(of: "start-after").count == pages)
        // One that came after the listing.
        let last = try #require(segments.last)
        let next = "\(last.prefix(16))000000F1"
        #expect(try supply.file(next) == nil)
        try bucket.put([1, 2, 3], "pg/wals/\(last.prefix(16))/\(next).gz")
        #expect(throws: (any Error).self) { try supply.file(next) }
    }

    @Test func aStoreThatDoesNotAnswerProvesNothing() throws {
        let supply = try supply()
        #expect(try supply.file(segments[0]) != nil)
        #expect(try supply.file("00000003.history") == nil)
        proxy.plan([.answer(status: 403, body: "")], where: { $0.target.contains("list-type") })
        let denied = #expect(throws: Obstacle.self) { try supply.file("00000003.history") }
        #expect(denied?.reason == .permissionDenied, "\(denied.map { "\($0)" } ?? "")")
        // A passing fault is none.
        proxy.plan([.answer(status: 503, body: "")], where: { $0.target.contains("list-type") })
        #expect(try supply.file("00000003.history") == nil)
        proxy.plan([.cut(after: 1000)], where: { $0.method == "GET" && $0.target.contains(segments[5]) })
        #expect(try TestFile.read(#require(try supply.file(segments[5]))) == content(segments[5]))
    }

    /// Over plain http nobody else sees that the line did it.
    @Test func damageOnTheLineIsNotTheArchives() throws {
        let identifier = try #require(UInt64(try Self.original.get().systemIdentifier))
        func check() throws -> Check? {
            var options = WALArchiveCheck.Options()
            (options.grace, options.readsTimes, options.isWhole) = (.zero, false, true)
            return try WALArchiveCheck(
                archive: archive, bases: nil, options: options, scratch: TestScratch.configuration(),
                installations: { Installations([]) }, now: .now()
            ).run().checks.first { $0.name == "first-pages" }
        }
        #expect(try check()?.verdict == .verified)
        let name = segments[3]
        @Sendable func isRead(_ request: FaultProxy.Request) -> Bool {
            request.method == "GET" && request.target.contains(name)
        }
        func supply() throws -> WALSupply {
            var options = WALSupply.Options()
            (options.grace, options.ahead, options.systemIdentifier) = (.zero, 1, identifier)
            return try WALSupply(archive, cacheDirectory: cache, options: options, cancellation: Cancellation())
        }
        // Once: the second time it comes as it is.
        for place in [1, 5000] {
            proxy.plan([.flip(at: place)], where: isRead)
            let looked = try check()
            #expect(looked?.verdict == .verified, "\(place): \(String(describing: looked))")
            proxy.plan([.flip(at: place)], where: isRead)
            let supply = try supply()
            #expect(try TestFile.read(#require(try supply.file(name))) == content(name))
            supply.close()
        }
        // Every time.
        let isBad = Mutex(true)
        proxy.answer { request in isRead(request) && isBad.withLock(\.self) ? .flip(at: 5000) : nil }
        let looked = try check()
        #expect(looked?.reason == .transferDamaged, "\(String(describing: looked))")
        let error = #expect(throws: Obstacle.self) { try supply().file(name) }
        #expect(error?.reason == .transferDamaged)
        isBad.withLock { $0 = false }
        // What is damaged where it lies is damaged.
        try Damage.flipBit(40_000).copy(
            bucket.path("pg/wals/0000000100000000/\(name).gz"), to: bucket.path("pg/wals/0000000100000000/\(name).gz"))
        usleep(S3Server.memory)
        #expect(try check()?.reason == .corrupt)
        #expect(throws: ContentDamage.self) { try supply().file(name) }
    }

    @Test func aHistoryIsAnsweredWhileSegmentsAreSlow() throws {
        let supply = try supply()
        #expect(try supply.file(segments[0]) != nil)
        // All that is fetched ahead hangs from now on.
        let slow = Set(segments.dropFirst(2))
        proxy.answer { request in
            slow.contains { request.method == "GET" && request.target.contains($0) } ? .stall(after: 100) : nil
        }
        #expect(try supply.file(segments[1]) != nil)
        try TestDeadline.wait(for: "four that are fetched ahead") {
            requests(of: ".gz").filter { $0.method == "GET" }.count >= 6
        }
        #expect(try supply.file("00000002.history") != nil)
        #expect(try supply.file("00000003.history") == nil)
        // Nobody waits for them at the end, either.
        supply.close()
        #expect(try TestFile.names(in: cache) == [])
    }
}
