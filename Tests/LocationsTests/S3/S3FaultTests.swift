import Backups
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Locations

/// What networks and stores do in the middle: the bytes arrive all the same, or it is said why not. Never a byte of
/// something else.
@Suite struct S3FaultTests {
    private static let size = 3_000_000

    private let bucket: S3Bucket
    private let proxy: FaultProxy
    private let bytes = randomBytes(size)

    init() throws {
        let server = try S3Server.shared()
        bucket = try server.makeBucket()
        proxy = try FaultProxy(before: server.port)
        try bucket.put(bytes, "big")
    }

    private func location(
        _ retry: RetryPolicy = .quick, stall: Duration = .seconds(30), _ more: [String: String] = [:]
    ) throws -> any Location {
        let environment = try S3Server.shared().environment(endpoint: proxy.endpoint).merging(more) { _, new in new }
        return try KnownLocations(environment: environment, retry: retry, stallTimeout: stall).location(bucket.address)
    }

    private static let isRead: @Sendable (FaultProxy.Request) -> Bool = {
        $0.method == "GET" && $0.target.hasSuffix("/big")
    }

    private func open(_ location: any Location) throws -> any StoredBytes {
        try location.open("big", cancellation: Cancellation())
    }

    private func ranges() -> [String] {
        proxy.requests.filter(Self.isRead).map { $0.headers["range"] ?? "all" }
    }

    static let passing: [(String, [FaultProxy.Fault], [String])] = [
        ("nothing", [], ["all"]),
        ("cut", [.cut(after: 1_000_000)], ["all", "bytes=1000000-"]),
        ("cut at once", [.cut(after: 0)], ["all", "all"]),
        ("cut before its last byte", [.cut(after: size - 1)], ["all", "bytes=2999999-"]),
        ("cut twice", [.cut(after: 1_000_000), .cut(after: 1_000_000)], ["all", "bytes=1000000-", "bytes=2000000-"]),
        ("stalled", [.stall(after: 2_000_000)], ["all", "bytes=2000000-"]),
        ("500", [.answer(status: 500, body: "")], ["all", "all"]),
        ("503 SlowDown", [.answer(status: 503, body: "<Error><Code>SlowDown</Code></Error>")], ["all", "all"]),
        ("429 in the middle", [.cut(after: 5), .answer(status: 429, body: "")], ["all", "bytes=5-", "bytes=5-"]),
        ("too long a length", [.length(adding: 100)], ["all", "all"]),
        ("too short a length", [.length(adding: -100)], ["all", "all"]),
    ]

    @Test(arguments: passing) func whatPassesIsGotOver(
        name: String, faults: [FaultProxy.Fault], asked: [String]
    ) throws {
        proxy.plan(faults, where: Self.isRead)
        let stored = try open(try location(stall: name == "stalled" ? .seconds(3) : .seconds(30)))
        #expect(try stored.bytes() == bytes)
        // A machine that is busy may stall by itself.
        if name != "stalled" { #expect(ranges() == asked) } else { #expect(ranges().starts(with: asked)) }
    }

    /// How much of what was sent before a reset arrives is not certain; that nothing is lost or doubled is.
    @Test func aResetIsGotOver() throws {
        proxy.plan([.reset(after: 1_500_000), .reset(after: 0)], where: Self.isRead)
        #expect(try open(try location()).bytes() == bytes)
        #expect(ranges().count == 3)
    }

    @Test func aReaderFromTheMiddleGoesOnWhereItBroke() throws {
        let stored = try open(try location())
        proxy.plan([.cut(after: 10)], where: Self.isRead)
        #expect(try stored.bytes(from: 1_000_000) == Array(bytes[1_000_000...]))
        #expect(ranges() == ["bytes=1000000-", "bytes=1000010-"])
    }

    @Test func theVersionIsPinned() throws {
        let tag = try #require(try location().find("big", cancellation: Cancellation())?.tag)
        proxy.plan([.cut(after: 1_000_000)], where: Self.isRead)
        #expect(try open(try location()).bytes() == bytes)
        let tags = proxy.requests.filter(Self.isRead).map { $0.headers["if-match"] }
        #expect(tags == [tag, tag] && tag.count > 2)
    }

    @Test func whatIsReplacedInTheMiddleHasVanished() throws {
        let other = randomBytes(Self.size, seed: 2)
        let bucket = bucket
        proxy.plan([.cut(after: 1_000_000), .after { try bucket.put(other, "big") }], where: Self.isRead)
        let stored = try open(try location())
        let error = #expect(throws: Obstacle.self) { try stored.bytes() }
        #expect(error?.reason == .vanished)
        #expect(error?.message.contains("replaced") == true)
    }

    @Test func whatIsRemovedInTheMiddleHasVanished() throws {
        let path = bucket.path("big")
        proxy.plan(
            [
                .cut(after: 1_000_000),
                .after {
                    unlink(path)
                    usleep(S3Server.memory)
                },
            ], where: Self.isRead)
        let stored = try open(try location())
        let error = #expect(throws: Obstacle.self) { try stored.bytes() }
        #expect(error?.reason == .vanished)
        #expect(error?.message.contains("removed") == true)
    }

    @Test(arguments: [0, 1_500_000, size - 1]) func wrongBytesAreNotTheBackups(place: Int) throws {
        proxy.plan([.flip(at: place)], where: Self.isRead)
        let stored = try open(try location())
        let error = #expect(throws: Obstacle.self) { try stored.bytes() }
        #expect(error?.reason == .transferDamaged)
    }

    @Test func whatNeverPassesEnds() throws {
        proxy.answer { Self.isRead($0) ? .cut(after: 0) : nil }
        let stored = try open(try location())
        let error = #expect(throws: Obstacle.self) { try stored.bytes() }
        #expect(error?.reason == .connectionFailed)
        #expect(ranges().count == RetryPolicy().attempts)
    }

    /// Bytes that trickle in do not make it go on for ever.
    @Test func aLineThatBreaksAfterEachByteEnds() throws {
        proxy.answer { Self.isRead($0) ? .cut(after: 1) : nil }
        let stored = try open(try location())
        #expect(throws: Obstacle.self) { try stored.bytes() }
        #expect(ranges().count == RetryPolicy().attempts)
    }

    @Test func waitsGrowAndAreDrawn() throws {
        var policy = RetryPolicy()
        policy.random = { 1 }
        #expect((1...8).map { policy.delay(after: $0) } == [0.25, 0.5, 1, 2, 4, 8, 16, 20].map { .seconds($0) })
        policy.random = { 0 }
        #expect(policy.delay(after: 5) == .zero)
    }

    @Test func theStoreIsAskedAgainAfterTheWaitsOfThePolicy() throws {
        let waits = Waits()
        var policy = RetryPolicy()
        policy.random = { 1 }
        policy.pause = { wait, _ in waits.append(wait) }
        proxy.plan(Array(repeating: .answer(status: 503, body: ""), count: 3)) { $0.method == "HEAD" }
        _ = try open(try location(policy))
        #expect(waits.all == [.milliseconds(250), .milliseconds(500), .seconds(1)])
    }

    @Test func aWaitIsEndedByCancellation() throws {
        let cancellation = Cancellation()
        proxy.answer { request in
            guard Self.isRead(request) else { return nil }
            cancellation.cancel(Obstacle(.interrupted, "enough"))
            return .stall(after: 1000)
        }
        let stored = try location(stall: .seconds(600)).open("big", cancellation: cancellation)
        let error = #expect(throws: Obstacle.self) { try stored.bytes() }
        #expect(error?.reason == .interrupted)
    }

    @Test func aCutListingIsReadAgain() throws {
        let isListing: @Sendable (FaultProxy.Request) -> Bool = { $0.target.contains("list-type=2") }
        proxy.plan(
            [.cut(after: 40), .answer(status: 500, body: ""), .answer(status: 200, body: "<ListBucketResult>")],
            where: isListing)
        #expect(try location().objects(cancellation: Cancellation()).map(\.path) == ["big"])
        #expect(proxy.requests.filter(isListing).count == 4)
    }

    @Test(arguments: ["<html><body>Hello</body></html>", "", "{}", "<ListBucketResult/>"])
    func whatIsNoListingIsNotAnEmptyOne(body: String) throws {
        proxy.answer { $0.target.contains("list-type=2") ? .answer(status: 200, body: body) : nil }
        #expect(throws: Obstacle.self) { try location().objects(cancellation: Cancellation()) }
    }

    @Test func aReaderMayTakeOneByteAtATime() throws {
        let reader = try open(try location()).makeReader(at: 0)
        var byte: [UInt8] = [0]
        for index in 0..<10 {
            let count = try byte.withUnsafeMutableBytes { try reader.read(into: $0) }
            #expect(count == 1 && byte[0] == bytes[index])
        }
        #expect(try reader.rest() == Array(bytes[10...]))
    }
}

private final class Waits: Sendable {
    private let waits = Mutex<[Duration]>([])
    var all: [Duration] { waits.withLock { $0 } }
    func append(_ wait: Duration) { waits.withLock { $0.append(wait) } }
}
