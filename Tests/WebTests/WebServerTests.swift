import Backups
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Synchronization
import Testing

@testable import Web

/// The same requests in process and over a socket.
@Suite struct WebServerTests {
    private static let ways: [TestingSetup] = [.router, .live]

    @Test(
        arguments: ways.indices,
        [
            "/", "/databases/shop", "/verifications/108", "/metrics", "/api/v1/databases",
            "/api/v1/verifications?database=shop", "/api/v1/verifications/108", "/api/v1/openapi.json", "/-/healthy",
            "/-/ready",
        ])
    func everyPageIsAnswered(way: Int, path: String) async throws {
        try await makeServer().application.test(Self.ways[way]) { client in
            let got = try await client.execute(uri: path, method: .get)
            #expect(got.status == .ok)
            #expect(got.body.readableBytes > 0)
            #expect(got.headers[.cacheControl] == "no-store")
            #expect(got.headers[.xContentTypeOptions] == "nosniff")
            #expect(got.headers[.contentSecurityPolicy]?.hasPrefix("default-src 'none'") == true)
            #expect(HTTPField.Name("Referrer-Policy").flatMap { got.headers[$0] } == "no-referrer")
            let head = try await client.execute(uri: path, method: .head)
            #expect(head.status == .ok)
            #expect(head.body.readableBytes == 0)
            #expect(head.headers[.contentLength] == got.headers[.contentLength])
            #expect(head.headers[.contentType] == got.headers[.contentType])
        }
    }

    @Test(arguments: ways.indices)
    func whatIsNotThereIsToldSo(way: Int) async throws {
        try await makeServer().application.test(Self.ways[way]) { client in
            for path in [
                "/x", "/databases/none", "/verifications/9999", "/api/v1/verifications/9999",
                "/api/v1/verifications?database=none",
            ] {
                let answer = try await client.execute(uri: path, method: .get)
                #expect(answer.status == .notFound, "\(path)")
            }
            let wrong = try await client.execute(uri: "/metrics", method: .delete)
            #expect(wrong.status == .methodNotAllowed)
            #expect(wrong.headers[.allow] == "GET, HEAD")
            let bad = try await client.execute(uri: "/api/v1/verifications?limit=x", method: .get)
            #expect(bad.status == .badRequest)
        }
    }

    @Test(arguments: ways.indices)
    func metricsComeAsAsked(way: Int) async throws {
        try await makeServer().application.test(Self.ways[way]) { client in
            let plain = try await client.execute(uri: "/metrics", method: .get)
            #expect(plain.headers[.contentType] == "text/plain")
            #expect(plain.headers[.contentEncoding] == nil)
            #expect(plain.headers[.vary] == "Accept, Accept-Encoding")
            #expect(String(buffer: plain.body) == "# HELP up x\nup 1\n")
            let other = try await client.execute(
                uri: "/metrics", method: .get,
                headers: [.accept: "application/openmetrics-text", .acceptEncoding: "gzip"])
            #expect(other.headers[.contentType] == "application/openmetrics-text")
            #expect(other.headers[.contentEncoding] == "gzip")
        }
    }

    @Test(arguments: ways.indices)
    func theHistoryMayBeBroken(way: Int) async throws {
        let source = SampleSource()
        source.state.withLock { $0.isHistoryBroken = true }
        try await makeServer(source).application.test(Self.ways[way]) { client in
            let page = try await client.execute(uri: "/verifications/108", method: .get)
            #expect(page.status == .serviceUnavailable)
            let text = String(buffer: page.body)
            #expect(
                text.contains("the history can't be read") && text.contains("disk-full") && text.contains("make room"))
            #expect(!text.contains("Cancellation"))
            let metrics = try await client.execute(uri: "/metrics", method: .get)
            #expect(metrics.status == .ok)
        }
    }

    @Test(arguments: ways.indices)
    func readinessAndReloadAreTheDaemons(way: Int) async throws {
        let source = SampleSource()
        source.state.withLock { $0.isReady = false }
        try await makeServer(source).application.test(Self.ways[way]) { client in
            #expect(try await client.execute(uri: "/-/ready", method: .get).status == .serviceUnavailable)
            #expect(try await client.execute(uri: "/-/healthy", method: .get).status == .ok)
            #expect(try await client.execute(uri: "/-/reload", method: .post).status == .ok)
            source.state.withLock {
                $0.facts.configuration = ConfigurationFacts(isLastReloadSuccessful: false, problem: "line 3: no")
            }
            let failed = try await client.execute(uri: "/-/reload", method: .post)
            #expect(failed.status == .internalServerError)
            #expect(String(buffer: failed.body) == "not reloaded: line 3: no\n")
            #expect(source.state.withLock { $0.reloads } == 2)
            let page = try await client.execute(uri: "/", method: .get)
            #expect(String(buffer: page.body).contains("The configuration could not be read again"))
        }
    }

    @Test(arguments: ways.indices)
    func nobodyStartsAVerificationWithoutAPassword(way: Int) async throws {
        let source = SampleSource()
        try await makeServer(source).application.test(Self.ways[way]) { client in
            let answer = try await client.execute(uri: "/api/v1/databases/shop/verify", method: .post)
            #expect(answer.status == .forbidden)
            #expect(source.state.withLock { $0.requested } == [])
        }
    }

    @Test func anotherSitesPageMayNotCommand() async throws {
        let source = SampleSource()
        try await withServer(source) { _, client in
            let own = "Origin: http://127.0.0.1:\(client.port)"
            for header in [
                "Origin: http://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
            ] {
                let answer = try await client.get("/-/reload", method: "POST", headers: [header])
                #expect(answer.hasPrefix("HTTP/1.1 403"), "\(header)")
            }
            #expect(source.state.withLock { $0.reloads } == 0)
            #expect(try await client.get("/-/reload", method: "POST", headers: [own]).hasPrefix("HTTP/1.1 200"))
            #expect(
                try await client.get("/-/reload", method: "POST", headers: ["Sec-Fetch-Site: same-origin"])
                    .hasPrefix("HTTP/1.1 200"))
            #expect(source.state.withLock { $0.reloads } == 2)
        }
    }

    @Test func theAddressThatIsTakenIsAnObstacle() async throws {
        try await withServer { _, client in
            let second = try WebServer(
                WebConfiguration(listen: ListenAddress(host: "127.0.0.1", port: client.port)), source: SampleSource(),
                logger: quietLogger)
            await #expect(throws: Obstacle.self) { try await second.run() }
            #expect(await second.address == nil)
        }
    }
}
