import Backups
import Glibc
import TestSupport
import Testing

@testable import Locations

/// One object over several connections: the same bytes in the same order, whatever happens to any of them.
@Suite struct S3ReadAheadTests {
    private static let size = 3_000_000
    private static let rangeSize = 200_000

    private let bucket: S3Bucket
    private let proxy: FaultProxy
    private let bytes = randomBytes(size)

    init() throws {
        let server = try S3Server.shared()
        bucket = try server.makeBucket()
        proxy = try FaultProxy(before: server.port)
        try bucket.put(bytes, "big")
    }

    private static let isRead: @Sendable (FaultProxy.Request) -> Bool = {
        $0.method == "GET" && $0.target.hasSuffix("/big")
    }

    /// - Parameter first: connections from the start; with fewer than four, another is tried as soon as may be.
    private func open(
        first: Int = 4, rangeSize: Int = rangeSize, stall: Duration = .seconds(30),
        cancellation: Cancellation = Cancellation()
    ) throws -> any StoredBytes {
        var ahead = ReadAhead()
        (ahead.first, ahead.rangeSize) = (first, UInt64(rangeSize))
        (ahead.window, ahead.time, ahead.waiting, ahead.latency) = (UInt64(rangeSize), .zero, -1, .infinity)
        let environment = try S3Server.shared().environment(endpoint: proxy.endpoint)
        let locations = KnownLocations(
            environment: environment, retry: .quick, stallTimeout: stall, readAhead: ahead)
        return try locations.location(bucket.address).open("big", cancellation: cancellation)
    }

    private func ranges() -> [String] {
        proxy.requests.filter(Self.isRead).map { $0.headers["range"] ?? "all" }
    }

    private static let whole: [String] = stride(from: 0, to: size, by: rangeSize).map {
        "bytes=\($0)-\($0 + rangeSize < size ? "\($0 + rangeSize - 1)" : "")"
    }

    static let passing: [(String, [FaultProxy.Fault])] = [
        ("nothing", []),
        ("cut", [.cut(after: 50_000), .cut(after: 70_000), .none, .cut(after: 1)]),
        ("cut at once", [.cut(after: 0), .cut(after: 0), .cut(after: 0), .cut(after: 0)]),
        ("cut before its last byte", [.none, .cut(after: rangeSize - 1)]),
        ("reset", [.reset(after: 50_000), .none, .reset(after: 0)]),
        ("slow", Array(repeating: .slow(bytes: 40_000, pause: 10_000), count: 6)),
        ("500", [.answer(status: 500, body: ""), .none, .answer(status: 500, body: "")]),
        (
            "503 SlowDown",
            Array(repeating: .answer(status: 503, body: "<Error><Code>SlowDown</Code></Error>"), count: 6)
        ),
        ("429", [.none, .none, .answer(status: 429, body: "")]),
        ("too long a length", [.length(adding: 100), .none, .length(adding: 1)]),
        ("too short a length", [.none, .length(adding: -100), .length(adding: -1)]),
    ]

    @Test(arguments: passing) func whatPassesIsGotOver(name: String, faults: [FaultProxy.Fault]) throws {
        proxy.plan(faults, where: Self.isRead)
        #expect(try open().bytes() == bytes)
        let asked = ranges()
        if faults.isEmpty { #expect(asked.sorted() == Self.whole.sorted()) }
        // Each of them was asked for as a whole once; what broke is asked for from where it broke.
        #expect(Set(asked).isSuperset(of: Self.whole))
    }

    @Test func aLineThatStallsIsGotOver() throws {
        proxy.plan([.none, .stall(after: 1000), .none, .stall(after: 0)], where: Self.isRead)
        #expect(try open(stall: .seconds(3)).bytes() == bytes)
    }

    @Test(arguments: [1, 199_999, 200_000, 200_001, 2_799_999, 2_999_999]) func anyOffsetIsRead(offset: Int) throws {
        let stored = try open()
        #expect(try stored.bytes(from: UInt64(offset)) == Array(bytes[offset...]))
        let reader = try stored.makeReader(at: UInt64(offset))
        #expect(try reader.rest(piece: 4099) == Array(bytes[offset...]))
        #expect(try reader.rest() == [])
    }

    /// What is held is bounded, however slowly it is read: a range for each connection, and the one that is read.
    @Test func noMoreIsFetchedThanIsHeld() throws {
        let reader = try open().makeReader(at: 0)
        var byte: [UInt8] = [0]
        let count = try byte.withUnsafeMutableBytes { try reader.read(into: $0) }
        #expect(count == 1 && byte[0] == bytes[0])
        let deadline = ContinuousClock.now + .seconds(30)
        while ranges().count < 5, ContinuousClock.now < deadline { usleep(1000) }
        #expect(ranges().sorted() == Array(Self.whole[..<5]).sorted())
        #expect(try reader.rest() == Array(bytes[1...]))
    }

    @Test func theVersionIsPinned() throws {
        _ = try open().bytes()
        let tags = Set(proxy.requests.filter(Self.isRead).map { $0.headers["if-match"] ?? "" })
        #expect(tags.count == 1 && tags.first?.isEmpty == false)
    }

    @Test func whatIsReplacedInTheMiddleHasVanished() throws {
        let other = randomBytes(Self.size, seed: 2)
        let bucket = bucket
        proxy.plan([.none, .none, .none, .none, .none, .after { try bucket.put(other, "big") }], where: Self.isRead)
        let stored = try open()
        let error = #expect(throws: Obstacle.self) { try stored.bytes() }
        #expect(error?.reason == .vanished)
        #expect(error?.message.contains("replaced") == true)
    }

    @Test func whatIsRemovedInTheMiddleHasVanished() throws {
        let path = bucket.path("big")
        proxy.plan(
            [
                .none, .none, .none, .none,
                .after {
                    unlink(path)
                    usleep(S3Server.memory)
                },
            ], where: Self.isRead)
        let stored = try open()
        let error = #expect(throws: Obstacle.self) { try stored.bytes() }
        #expect(error?.reason == .vanished)
    }

    @Test(arguments: [0, 7]) func wrongBytesAreNotTheBackups(request: Int) throws {
        proxy.plan(Array(repeating: .none, count: request) + [.flip(at: 1000)], where: Self.isRead)
        let stored = try open()
        let error = #expect(throws: Obstacle.self) { try stored.bytes() }
        #expect(error?.reason == .transferDamaged)
    }

    @Test func whatNeverPassesEnds() throws {
        let broken = Self.whole[9]
        proxy.answer { Self.isRead($0) && $0.headers["range"] == broken ? .cut(after: 0) : nil }
        let stored = try open()
        let error = #expect(throws: Obstacle.self) { try stored.bytes() }
        #expect(error?.reason == .connectionFailed)
        #expect(ranges().filter { $0 == broken }.count == RetryPolicy().attempts)
    }

    @Test func cancellationEndsAllOfThem() throws {
        let cancellation = Cancellation()
        let proxy = proxy
        proxy.answer { request in
            guard Self.isRead(request) else { return nil }
            if proxy.requests.filter(Self.isRead).count >= 4 { cancellation.cancel(Obstacle(.interrupted, "enough")) }
            return .stall(after: 1000)
        }
        let stored = try open(stall: .seconds(600), cancellation: cancellation)
        let error = #expect(throws: Obstacle.self) { try stored.bytes() }
        #expect(error?.reason == .interrupted)
    }

    /// Each connection is slow, and so there come to be several.
    @Test func aSlowLineGetsMore() throws {
        proxy.answer { Self.isRead($0) ? .slow(bytes: 16 << 10, pause: 2000) : nil }
        #expect(try open(first: 1).bytes() == bytes)
        #expect(ranges().first == "all")
        #expect(ranges().contains { $0.hasPrefix("bytes=") && !$0.hasSuffix("-") }, "\(ranges())")
    }

    /// Several are slower than one, which is gone back to.
    @Test func whatBringsNothingIsGivenUp() throws {
        let rangeSize = 50_000
        proxy.answer { request in
            let isPart = request.headers["range"].map { !$0.hasSuffix("-") } ?? false
            return Self.isRead(request) && isPart ? .slow(bytes: 16 << 10, pause: 200_000) : nil
        }
        #expect(try open(first: 1, rangeSize: rangeSize).bytes() == bytes)
        #expect(ranges().contains { $0.hasPrefix("bytes=") && !$0.hasSuffix("-") }, "\(ranges())")
        // More than one range, to the end.
        let open = ranges().filter { $0.hasSuffix("-") }.compactMap { Int($0.dropFirst(6).dropLast()) }
        #expect(open.contains { $0 > 0 && $0 < Self.size - rangeSize }, "\(ranges())")
    }
}
