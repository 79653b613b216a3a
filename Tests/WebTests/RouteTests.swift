import Backups
import Testing

@testable import Web

@Suite struct RouteTests {
    @Test(arguments: [
        ("/", Route.statusPage), ("/metrics", .metrics), ("/metrics?x=1", .metrics),
        ("/databases/shop", .databasePage("shop")), ("/databases/a%2Fb%20c", .databasePage("a/b c")),
        ("/databases/%3Cscript%3E", .databasePage("<script>")), ("/verifications/12", .verificationPage(RunID(12))),
        ("/api/v1/databases", .apiDatabases),
        ("/api/v1/verifications", .apiVerifications(database: nil, kind: .verification, before: nil, limit: 50)),
        (
            "/api/v1/verifications?database=a+b%26&limit=3&before=9",
            .apiVerifications(database: "a b&", kind: .verification, before: RunID(9), limit: 3)
        ),
        ("/api/v1/verifications?kind=drill", .apiVerifications(database: nil, kind: .drill, before: nil, limit: 50)),
        ("/api/v1/verifications?kind=all", .apiVerifications(database: nil, kind: nil, before: nil, limit: 50)),
        ("/api/v1/verifications/7", .apiVerification(RunID(7))), ("/api/v1/openapi.json", .apiDescription),
        ("/-/healthy", .healthy), ("/-/ready", .ready),
    ])
    func readsWhatIsAskedFor(target: String, route: Route) throws {
        #expect(try Route.of(method: "GET", target: target) == route)
        #expect(try Route.of(method: "HEAD", target: target) == route)
        #expect(throws: Route.Refusal.methodNotAllowed(["GET", "HEAD"])) {
            try Route.of(method: "POST", target: target)
        }
    }

    @Test(arguments: [
        ("/api/v1/databases/a%2fb/verify", Route.request(.verification, "a/b")),
        ("/api/v1/databases/a%2fb/drill", .request(.drill, "a/b")), ("/-/reload", .reload),
    ])
    func commandsArePosted(target: String, route: Route) throws {
        #expect(try Route.of(method: "POST", target: target) == route)
        #expect(throws: Route.Refusal.methodNotAllowed(["POST"])) { try Route.of(method: "GET", target: target) }
    }

    @Test(arguments: [
        "/nothing", "/metrics/", "//metrics", "/databases", "/databases/a/b", "/verifications/x", "/verifications/-1",
        "/verifications/99999999999999999999", "/api/v1", "/api/v2/databases", "/api/v1/databases/a/drop", "",
        "metrics",
    ])
    func otherPathsAreNotFound(target: String) {
        #expect(throws: Route.Refusal.notFound) { try Route.of(method: "GET", target: target) }
    }

    @Test(arguments: [
        "/databases/%ff", "/databases/%4", "/api/v1/verifications?limit=0", "/api/v1/verifications?limit=501",
        "/api/v1/verifications?limit=x", "/api/v1/verifications?before=x", "/api/v1/verifications?before=-1",
        "/api/v1/verifications?before=1&before=2",
        "/api/v1/verifications?limit=1&limit=2", "/api/v1/verifications?name=a",
        "/api/v1/verifications?kind=drills", "/api/v1/verifications?kind=", "/api/v1/verifications?kind=all&kind=all",
    ])
    func whatCannotBeReadIsRefused(target: String) {
        #expect {
            try Route.of(method: "GET", target: target)
        } throws: {
            guard case .badRequest = $0 as? Route.Refusal else { return false }
            return true
        }
    }

    @Test(arguments: ["shop", "a/b c", SampleFleet.hostile, "größe", "..", ""])
    func encodingComesBack(name: String) {
        let encoded = PercentEncoding.encoded(name)
        #expect(PercentEncoding.decoded(Substring(encoded)) == name)
        #expect(encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !"/?#\"'<>&".utf8.contains($0) })
    }

    @Test(arguments: [
        ("127.0.0.1:9988", ListenAddress(host: "127.0.0.1", port: 9988)),
        ("[::1]:0", ListenAddress(host: "::1", port: 0)),
        (":80", ListenAddress(host: "::", port: 80)), ("localhost:1", ListenAddress(host: "localhost", port: 1)),
    ])
    func addressesAreRead(text: String, address: ListenAddress) {
        #expect(ListenAddress(text) == address)
    }

    @Test(arguments: ["", "9988", "a:b", "::1:80", "a:70000", "[a]:1", "a:-1"])
    func otherAddressesAreNot(text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test(arguments: [
        ("gzip", true), ("deflate, GZIP;q=0.5", true), ("*", true), ("gzip;q=0", false), ("gzip; q=0.0, *", false),
        ("identity", false), ("br", false), ("", false),
    ])
    func gzipIsTakenWhereItIsAccepted(field: String, isTaken: Bool) {
        #expect(MetricsWish.acceptsGzip(field) == isTaken)
    }
}
