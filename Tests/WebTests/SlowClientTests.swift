import NIOCore
import Synchronization
import Testing

@testable import Web

/// Clients that are slow, greedy or many.
@Suite(.serialized) struct SlowClientTests {
    private static let head = "GET /metrics HTTP/1.1\r\nHost: x\r\n"

    @Test func aThousandScrapesAtOnceAreAllAnswered() async throws {
        let body = String(repeating: "restorable_sample{database=\"shop\"} 1\n", count: 2000)
        _ = OpenFileLimit.raise(to: 8192)
        try await withServer(SampleSource(metrics: body)) { _, client in
            let answers = try await withThrowingTaskGroup(of: String.self) { tasks in
                for _ in 0..<1000 { tasks.addTask { try await client.get("/metrics") } }
                return try await tasks.reduce(into: [String]()) { $0.append($1) }
            }
            #expect(answers.count { $0.hasPrefix("HTTP/1.1 200") && $0.hasSuffix("} 1\n") } == 1000)
        }
    }

    /// They send on a byte each before every scrape, and are more than may be connected at all.
    @Test func twoHundredSlowClientsDoNotDelayAScrape() async throws {
        try await withServer(limits: WebLimits(connections: 100)) { _, client in
            let slow = try await Self.connections(200, to: client)
            let letters = Array(Self.head.utf8)
            var slowest = Duration.zero
            for round in 0..<20 {
                for channel in slow {
                    try? await channel.channel.writeAndFlush(ByteBuffer(bytes: [letters[round]]))
                }
                let start = ContinuousClock.now
                #expect(try await client.get("/metrics").hasPrefix("HTTP/1.1 200"))
                slowest = max(slowest, ContinuousClock.now - start)
            }
            #expect(slowest < .seconds(1))
            for channel in slow { try? await channel.channel.close() }
        }
    }

    private static func connections(_ count: Int, to client: RawClient) async throws -> [RawClient.Connection] {
        var connections: [RawClient.Connection] = []
        for _ in 0..<count { connections.append(try await client.connect()) }
        return connections
    }

    @Test(arguments: [
        ("nothing", ""), ("half a head", "GET /metrics HTTP/1.1\r\nHo"),
        ("half a body", "POST /-/reload HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n123"),
        (
            "a chunk that does not end",
            "POST /-/reload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"
        ),
    ])
    func whoDawdlesIsCutOff(name: String, bytes: String) async throws {
        let limits = WebLimits(headerTime: .milliseconds(200), bodyTime: .milliseconds(200))
        try await withServer(limits: limits) { _, client in
            let start = ContinuousClock.now
            let answer = try await client.exchange(bytes)
            #expect(!answer.contains("200 OK"))
            #expect(ContinuousClock.now - start >= .milliseconds(150))
        }
    }

    @Test func anIdleConnectionIsClosedAfterItsAnswer() async throws {
        try await withServer(limits: WebLimits(idleTime: .milliseconds(200))) { _, client in
            let start = ContinuousClock.now
            let answer = try await client.exchange(Self.head + "\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 200"))
            #expect(ContinuousClock.now - start >= .milliseconds(150))
        }
    }

    /// What is asked for twice on one connection is answered twice, in order.
    @Test func requestsMayFollowEachOtherOnOneConnection() async throws {
        try await withServer { _, client in
            let answer = try await client.exchange(
                Self.head + "\r\n" + "GET /x HTTP/1.1\r\nHost: x\r\n\r\n"
                    + "GET /-/healthy HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            let statuses = answer.matches(of: /HTTP\/1\.1 (\d+)/).map { String($0.1) }
            #expect(statuses == ["200", "404", "200"])
        }
    }

    /// The client takes a pause in a body that is larger than every buffer between.
    @Test(arguments: [(Duration.milliseconds(200), false), (.seconds(60), true)])
    func whoTakesNoAnswerIsCutOff(time: Duration, isWhole: Bool) async throws {
        let size = 32 << 20
        let source = SampleSource(metrics: String(repeating: "x", count: size))
        try await withServer(source, limits: WebLimits(responseTime: time)) { _, client in
            let connection = try await client.connect()
            let count = try await connection.executeThenClose { inbound, outbound in
                try await outbound.write(ByteBuffer(string: Self.head + "Connection: close\r\n\r\n"))
                var count = 0
                do {
                    for try await part in inbound {
                        if count == 0 { try await Task.sleep(for: .milliseconds(600)) }
                        count += part.readableBytes
                    }
                } catch is IOError {
                    return count
                }
                return count
            }
            #expect(count > 0)
            #expect((count > size) == isWhole)
        }
    }

    @Test func aHeadOfMoreThanEightKibibytesIsRefused() async throws {
        try await withServer { _, client in
            let long = String(repeating: "a", count: 9000)
            #expect(
                try await client.get("/metrics", headers: ["X-Long: \(long.prefix(7000))"]).hasPrefix("HTTP/1.1 200"))
            let many = (0..<90).map { "X-\($0): \(String(repeating: "b", count: 100))" }
            for request in [["X-Long: \(long)"], many] {
                let answer = try await client.get("/metrics", headers: request)
                #expect(!answer.contains("200 OK"))
            }
            #expect(!(try await client.get("/metrics?\(long)")).contains("200 OK"))
        }
    }

    @Test func aBodyOfMoreThanSixtyFourKibibytesIsRefused() async throws {
        let source = SampleSource()
        try await withServer(source) { _, client in
            let head = "POST /-/reload HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            let fits = try await client.exchange(
                head + "Content-Length: 65536\r\n\r\n" + String(repeating: "a", count: 65_536))
            #expect(fits.hasPrefix("HTTP/1.1 200"))
            let announced = try await client.exchange(head + "Content-Length: 65537\r\n\r\n")
            #expect(announced.hasPrefix("HTTP/1.1 413"))
            let chunk = "8000\r\n" + String(repeating: "a", count: 0x8000) + "\r\n"
            let chunked = try await client.exchange(
                head + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk + "1\r\na\r\n")
            #expect(chunked.hasPrefix("HTTP/1.1 413"))
            #expect(source.state.withLock { $0.reloads } == 1)
        }
    }

    @Test func shuttingDownClosesConnectionsThatWait() async throws {
        let idle = try await withServer { _, client in
            let connection = try await client.connect()
            try await connection.channel.writeAndFlush(ByteBuffer(string: Self.head))
            return connection
        }
        try await idle.channel.closeFuture.get()
        #expect(!idle.channel.isActive)
    }
}
