import Backups
import TestSupport
import Testing

@testable import Locations

/// Each thing that can be wrong has its own sentence and its own advice.
@Suite struct S3RefusalTests {
    private func error(
        _ status: Int, _ code: String, headers: [String] = [], _ more: [String: String] = [:]
    ) throws -> Obstacle? {
        let proxy = try FaultProxy(before: nil)
        let body = code.isEmpty ? "" : "<?xml version=\"1.0\"?><Error><Code>\(code)</Code><Message>M</Message></Error>"
        proxy.answer { _ in .answer(status: status, body: body, headers: headers) }
        let environment = try S3Server.shared().environment(endpoint: proxy.endpoint).merging(more) { _, new in new }
        let location = try KnownLocations(environment: environment, retry: .quick).location("s3://bucket")
        do {
            _ = try location.open("key", cancellation: Cancellation()).bytes()
            return nil
        } catch {
            return error as? Obstacle
        }
    }

    static let table: [(Int, String, Reason, String, String)] = [
        (404, "NoSuchKey", .unreadable, "s3://bucket/key is not there", "Check the key"),
        (404, "NoSuchBucket", .unreadable, "there is no bucket bucket", "the endpoint"),
        (404, "", .unreadable, "s3://bucket/key is not there", "Check the key"),
        (403, "AccessDenied", .permissionDenied, "denies access to s3://bucket/key", "s3:GetObject"),
        (403, "InvalidAccessKeyId", .authenticationFailed, "refused the credentials", "AWS_ACCESS_KEY_ID"),
        (403, "SignatureDoesNotMatch", .authenticationFailed, "refused the credentials", "secret"),
        (400, "ExpiredToken", .authenticationFailed, "have expired", "Get new ones"),
        (403, "RequestTimeTooSkewed", .authenticationFailed, "refused the time", "clock"),
        (403, "InvalidObjectState", .unreadable, "lies in an archive", "restore-object"),
        (412, "PreconditionFailed", .vanished, "was replaced or removed", "Verify the new one"),
        (301, "PermanentRedirect", .wrongRegion, "does not lie in us-east-1", "AWS_REGION"),
        (503, "SlowDown", .connectionFailed, "again and again", "overloaded"),
        (500, "", .connectionFailed, "again and again", "out of order"),
        (405, "MethodNotAllowed", .unreadable, "MethodNotAllowed", "S3 endpoint"),
    ]

    @Test(arguments: table) func eachHasItsReasonAndHint(
        status: Int, code: String, reason: Reason, message: String, hint: String
    ) throws {
        let obstacle = try #require(try error(status, code))
        #expect(obstacle.reason == reason)
        #expect(obstacle.message.contains(message), "\(obstacle.message)")
        #expect(obstacle.hint?.contains(hint) == true, "\(obstacle.hint ?? "-")")
        #expect(!"\(obstacle)".contains(S3Server.secretKey))
    }

    @Test(arguments: [301, 307, 400, 403]) func theHintNamesTheRegion(status: Int) throws {
        let code =
            status == 301 ? "PermanentRedirect" : status == 307 ? "TemporaryRedirect" : "AuthorizationHeaderMalformed"
        let obstacle = try #require(try error(status, code, headers: ["x-amz-bucket-region: eu-central-1"]))
        #expect(obstacle.reason == .wrongRegion)
        #expect(obstacle.message == "the bucket bucket lies in eu-central-1, not in us-east-1")
        #expect(obstacle.hint == "Set AWS_REGION=eu-central-1.")
    }

    @Test func aNameThatNobodyKnowsIsTold() throws {
        let environment = try S3Server.shared().environment(endpoint: "http://no-such-host.invalid")
        let location = try KnownLocations(environment: environment, retry: .quick).location("s3://bucket")
        let obstacle = #expect(throws: Obstacle.self) { try location.open("key", cancellation: Cancellation()) }
        #expect(obstacle?.reason == .connectionFailed)
        #expect(obstacle?.hint?.contains("name server") == true)
    }

    @Test func aPortThatNobodyListensOnIsTold() throws {
        let environment = try S3Server.shared().environment(endpoint: "http://127.0.0.1:\(try FreePort.find())")
        let location = try KnownLocations(environment: environment, retry: .quick).location("s3://bucket")
        let obstacle = #expect(throws: Obstacle.self) { try location.open("key", cancellation: Cancellation()) }
        #expect(obstacle?.reason == .connectionFailed)
        #expect(obstacle?.hint?.contains("firewall") == true)
    }

    @Test(arguments: ["s3://", "s3:///key", "s3://a/b", "s3://not a bucket/key", "s3://b\u{e4}ckup/key"])
    func whatNamesNoBucketIsRefused(address: String) throws {
        let locations = KnownLocations(environment: [:])
        #expect(throws: Obstacle.self) { try locations.location(address) }
        #expect(throws: Obstacle.self) { try locations.remote(address) }
    }

    @Test func aBucketIsNoBackup() throws {
        let obstacle = #expect(throws: Obstacle.self) { try KnownLocations(environment: [:]).remote("s3://bucket/") }
        #expect(obstacle?.message.contains("no backup") == true)
    }

    @Test func theSignatureIsChecked() throws {
        let server = try S3Server.shared()
        let bucket = try server.makeBucket()
        try bucket.put([1, 2], "a b")
        let good = try KnownLocations(environment: server.environment(), retry: .quick).location(bucket.address)
        #expect(try good.open("a b", cancellation: Cancellation()).bytes() == [1, 2])
        var environment = server.environment()
        environment["AWS_SECRET_ACCESS_KEY"] = "wrong"
        let bad = try KnownLocations(environment: environment, retry: .quick).location(bucket.address)
        let obstacle = #expect(throws: Obstacle.self) { try bad.open("a b", cancellation: Cancellation()) }
        #expect(obstacle?.reason == .authenticationFailed)
    }
}
