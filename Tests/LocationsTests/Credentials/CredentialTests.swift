import Backups
import Synchronization
import TestSupport
import Testing

@testable import Locations

/// Where credentials come from, in which order, and when they are fetched again.
@Suite struct CredentialTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// A location whose requests go to `proxy`, with no credentials but those of `variables`.
    private func location(_ proxy: FaultProxy, _ bucket: S3Bucket, _ variables: [String: String]) throws -> any Location
    {
        let base = ["HOME": "/nonexistent", "AWS_ENDPOINT_URL_S3": proxy.endpoint, "AWS_EC2_METADATA_DISABLED": "true"]
        return try KnownLocations(environment: base.merging(variables) { _, new in new }, retry: .quick)
            .location(bucket.address)
    }

    private func json(expires: String, secret: String = S3Server.secretKey) -> String {
        """
        {"AccessKeyId":"\(S3Server.accessKey)","SecretAccessKey":"\(secret)","Token":"the+token/=","Expiration":"\(expires)"}
        """
    }

    /// What signed the last request.
    private func signature(_ proxy: FaultProxy) -> (key: String, token: String?) {
        let request = proxy.requests.last
        let authorization = request?.headers["authorization"] ?? ""
        return (
            String(authorization.drop { $0 != "=" }.dropFirst().prefix { $0 != "/" }),
            request?.headers["x-amz-security-token"]
        )
    }

    private func read(_ variables: [String: String]) throws -> (key: String, token: String?) {
        let server = try S3Server.shared()
        let bucket = try server.makeBucket()
        let proxy = try FaultProxy(before: server.port)
        try bucket.put([1, 2, 3], "key")
        let location = try location(proxy, bucket, variables)
        #expect(try location.open("key", cancellation: Cancellation()).bytes() == [1, 2, 3])
        return signature(proxy)
    }

    @Test func theEnvironmentGoesFirst() throws {
        let file = try directory.write("[default]\naws_access_key_id = OTHER\naws_secret_access_key = other\n", to: "c")
        let used = try read([
            "AWS_ACCESS_KEY_ID": S3Server.accessKey, "AWS_SECRET_ACCESS_KEY": S3Server.secretKey,
            "AWS_SESSION_TOKEN": "abc", "AWS_SHARED_CREDENTIALS_FILE": file,
        ])
        #expect(used == (S3Server.accessKey, "abc"))
    }

    @Test(arguments: [
        ("default", "[default]", ""), ("prod", "[prod]", ""), ("prod", "[prod] # ours", " # of the robot"),
        ("prod", "[ prod ]", "\t; of the robot"), ("my prod", "[profile \"my prod\"]", " ;"),
    ])
    func aProfileHasThem(name: String, heading: String, remark: String) throws {
        let file = try directory.write(
            """
            \(heading)
            aws_access_key_id=\(S3Server.accessKey)\(remark)
            aws_secret_access_key = \(S3Server.secretKey)\(remark)

            """, to: "c")
        let used = try read(["AWS_SHARED_CREDENTIALS_FILE": file, "AWS_PROFILE": name])
        #expect(used == (S3Server.accessKey, nil))
    }

    @Test func aContainerHasThem() throws {
        let metadata = try FaultProxy(before: nil)
        let answer = json(expires: "2099-01-01T00:00:00Z")
        metadata.answer { request in
            request.headers["authorization"] == "secret of the pod"
                ? .answer(status: 200, body: answer) : .answer(status: 401, body: "")
        }
        let token = try directory.write("secret of the pod\n", to: "token")
        let used = try read([
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(metadata.endpoint)/v1/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": token,
        ])
        #expect(used == (S3Server.accessKey, "the+token/="))
        #expect(metadata.requests.map(\.target) == ["/v1/credentials"])
    }

    @Test func aWebIdentityHasThem() throws {
        let sts = try FaultProxy(before: nil)
        sts.plan([.answer(status: 503, body: "")])
        sts.answer { request in
            let form = String(decoding: request.body, as: UTF8.self)
            guard request.method == "POST", form.contains("RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr"),
                form.hasSuffix("&WebIdentityToken=the.pods.token")
            else {
                return .answer(
                    status: 400, body: "<ErrorResponse><Error><Code>InvalidIdentityToken</Code></Error></ErrorResponse>"
                )
            }
            return .answer(
                status: 200,
                body: """
                    <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
                    <AssumeRoleWithWebIdentityResult><Credentials><SessionToken>tok</SessionToken>
                    <SecretAccessKey>\(S3Server.secretKey)</SecretAccessKey><Expiration>2099-01-01T00:00:00Z</Expiration>
                    <AccessKeyId>\(S3Server.accessKey)</AccessKeyId></Credentials></AssumeRoleWithWebIdentityResult>
                    </AssumeRoleWithWebIdentityResponse>
                    """)
        }
        let token = try directory.write("the.pods.token\n", to: "token")
        let variables = [
            "AWS_WEB_IDENTITY_TOKEN_FILE": token, "AWS_ROLE_ARN": "arn:aws:iam::1:role/r",
            "AWS_ENDPOINT_URL_STS": sts.endpoint,
        ]
        #expect(try read(variables) == (S3Server.accessKey, "tok"))
        let refused = try directory.write("another", to: "token")
        let error = #expect(throws: Obstacle.self) {
            try read(variables.merging(["AWS_WEB_IDENTITY_TOKEN_FILE": refused]) { _, new in new })
        }
        #expect(error?.reason == .authenticationFailed)
        #expect(error?.message.contains("InvalidIdentityToken") == true)
        #expect(!"\(error.map { "\($0)" } ?? "")".contains("another"))
    }

    @Test func anInstanceHasThem() throws {
        let metadata = try FaultProxy(before: nil)
        let answer = json(expires: "2099-01-01T00:00:00Z")
        metadata.answer { request in
            if request.method == "PUT" { return .answer(status: 200, body: "session") }
            guard request.headers["x-aws-ec2-metadata-token"] == "session" else {
                return .answer(status: 401, body: "")
            }
            return request.target.hasSuffix("/security-credentials/")
                ? .answer(status: 200, body: "role") : .answer(status: 200, body: answer)
        }
        let used = try read(["AWS_EC2_METADATA_SERVICE_ENDPOINT": metadata.endpoint, "AWS_EC2_METADATA_DISABLED": ""])
        #expect(used == (S3Server.accessKey, "the+token/="))
        #expect(metadata.requests.count == 3)
    }

    @Test func withoutAnyItIsSaid() throws {
        let error = #expect(throws: Obstacle.self) { try read([:]) }
        #expect(error?.reason == .authenticationFailed)
        #expect(error?.hint?.contains("AWS_PROFILE") == true)
    }

    static let unusable: [(String, [String: String], String)] = [
        ("half a pair", ["AWS_ACCESS_KEY_ID": "A"], "AWS_SECRET_ACCESS_KEY is not"),
        ("a profile that is not there", ["AWS_PROFILE": "nobody"], "no AWS profile"),
        ("an address elsewhere", ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/x"], "neither https"),
        (
            "an address that looks near", ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1.example.com/x"],
            "neither https"
        ),
        (
            "a user that looks near", ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1@example.com/x"],
            "neither https"
        ),
        (
            "a token that is not there", ["AWS_WEB_IDENTITY_TOKEN_FILE": "/nonexistent", "AWS_ROLE_ARN": "a"],
            "/nonexistent"
        ),
        ("no role", ["AWS_WEB_IDENTITY_TOKEN_FILE": "/dev/null"], "AWS_ROLE_ARN"),
    ]

    @Test(arguments: unusable) func whatIsSetUpAndGivesNoneEndsIt(
        name: String, variables: [String: String], message: String
    ) throws {
        let error = #expect(throws: Obstacle.self) { try read(variables) }
        #expect(error?.reason == .authenticationFailed)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "-")")
    }

    @Test func aProfileOfAnotherKindSaysWhatToDo() throws {
        let file = try directory.write("[profile sso]\nsso_session = corp\n", to: "config")
        let error = #expect(throws: Obstacle.self) { try read(["AWS_CONFIG_FILE": file, "AWS_PROFILE": "sso"]) }
        #expect(error?.hint?.contains("export-credentials --profile sso") == true)
    }

    @Test func aPublicBucketNeedsNone() throws {
        let proxy = try FaultProxy(before: nil)
        proxy.answer { _ in .answer(status: 200, body: "abc", headers: ["ETag: \"x\""]) }
        let bucket = S3Bucket(name: "public", directory: "")
        let location = try location(proxy, bucket, ["AWS_NO_SIGN_REQUEST": "true"])
        #expect(try location.open("key", cancellation: Cancellation()).bytes() == Array("abc".utf8))
        #expect(proxy.requests.allSatisfy { $0.headers["authorization"] == nil })
    }

    @Test func theyAreFetchedAgainBeforeTheyExpire() throws {
        let clock = Mutex(Timestamp(seconds: 1_000_000))
        let source = Source { number in
            AWSCredentials(
                accessKey: "\(number)", secretKey: "s", expiresAt: Timestamp(seconds: 1_000_000 + Int64(number) * 3600))
        }
        let chain = CredentialChain([source], clock: { clock.withLock { $0 } })
        func key() throws -> String { try chain.credentials(cancellation: Cancellation()).accessKey }
        #expect(try [key(), key()] == ["1", "1"])
        clock.withLock { $0 = Timestamp(seconds: 1_003_299) }
        #expect(try key() == "1")
        clock.withLock { $0 = Timestamp(seconds: 1_003_301) }
        #expect(try [key(), key()] == ["2", "2"])
    }

    /// Whoever gives them out is down for a while: those that are known are used as long as they last.
    @Test func theyAreUsedWhileNoOthersCome() throws {
        let clock = Mutex(Timestamp(seconds: 1_000_000))
        let source = Source { number in
            guard number == 1 || number == 4 else { throw Obstacle(.connectionFailed, "nobody answers") }
            return AWSCredentials(
                accessKey: "\(number)", secretKey: "s", expiresAt: Timestamp(seconds: 1_000_000 + Int64(number) * 3600))
        }
        let chain = CredentialChain([source], clock: { clock.withLock { $0 } })
        let first = try chain.credentials(cancellation: Cancellation())
        clock.withLock { $0 = Timestamp(seconds: 1_003_599) }
        #expect(try chain.credentials(cancellation: Cancellation()) == first)
        // The store does not take them any more, or they have expired.
        #expect(throws: Obstacle.self) { try chain.credentials(insteadOf: first, cancellation: Cancellation()) }
        clock.withLock { $0 = Timestamp(seconds: 1_003_600) }
        #expect(try chain.credentials(cancellation: Cancellation()).accessKey == "4")
        clock.withLock { $0 = Timestamp(seconds: 1_020_000) }
        #expect(throws: Obstacle.self) { try chain.credentials(cancellation: Cancellation()) }
    }

    /// The store calls them expired while a backup is read: new ones are fetched, and the reading goes on.
    @Test func theyExpireInTheMiddle() throws {
        let server = try S3Server.shared()
        let bucket = try server.makeBucket()
        let proxy = try FaultProxy(before: server.port)
        let metadata = try FaultProxy(before: nil)
        let bytes = randomBytes(500_000)
        try bucket.put(bytes, "key")
        // The first ones are known to no store.
        let good = json(expires: "2099-01-01T00:00:00Z")
        metadata.plan([.answer(status: 200, body: good.replacing("the+token", with: "old"))])
        metadata.answer { _ in .answer(status: 200, body: good) }
        proxy.plan([.cut(after: 200_000)]) { $0.method == "GET" }
        proxy.answer { request in
            guard request.headers["range"] != nil, request.headers["x-amz-security-token"]?.hasPrefix("old") == true
            else { return nil }
            return .answer(status: 400, body: "<Error><Code>ExpiredToken</Code></Error>")
        }
        let location = try location(
            proxy, bucket, ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(metadata.endpoint)/"])
        #expect(try location.open("key", cancellation: Cancellation()).bytes() == bytes)
        #expect(metadata.requests.count == 2)
        #expect(signature(proxy).token == "the+token/=")
    }

    /// The same between two pages of a listing.
    @Test func theyExpireInTheMiddleOfAListing() throws {
        let store = try FaultProxy(before: nil)
        let metadata = try FaultProxy(before: nil)
        let good = json(expires: "2099-01-01T00:00:00Z")
        metadata.plan([.answer(status: 200, body: good.replacing("the+token", with: "old"))])
        metadata.answer { _ in .answer(status: 200, body: good) }
        func page(_ key: String, _ rest: String) -> String {
            """
            <ListBucketResult><Name>b</Name>\(rest)<Contents><Key>\(key)</Key><Size>1</Size>\
            <LastModified>2026-11-20T02:00:00.000Z</LastModified></Contents></ListBucketResult>
            """
        }
        let first = page("a", "<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>")
        let second = page("b", "<IsTruncated>false</IsTruncated>")
        store.answer { request in
            guard request.target.contains("continuation-token=t") else { return .answer(status: 200, body: first) }
            let isOld = request.headers["x-amz-security-token"]?.hasPrefix("old") == true
            return isOld
                ? .answer(status: 400, body: "<Error><Code>ExpiredToken</Code></Error>")
                : .answer(status: 200, body: second)
        }
        let location = try location(
            store, S3Bucket(name: "bucket", directory: ""),
            ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(metadata.endpoint)/"])
        #expect(try location.objects(cancellation: Cancellation()).map(\.path) == ["a", "b"])
        #expect(store.requests.count == 3)
        #expect(metadata.requests.count == 2)
    }

    /// None come to replace them: it is said, and nothing is taken for the end of the listing.
    @Test func thoseThatStayExpiredEndAListing() throws {
        let store = try FaultProxy(before: nil)
        store.answer { _ in .answer(status: 400, body: "<Error><Code>ExpiredToken</Code></Error>") }
        let location = try location(
            store, S3Bucket(name: "bucket", directory: ""), ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"])
        let error = #expect(throws: Obstacle.self) { try location.objects(cancellation: Cancellation()) }
        #expect(error?.reason == .authenticationFailed)
        #expect(error?.message.contains("expired") == true)
    }

    @Test func nothingOfThemIsPrinted() {
        let secret = AWSCredentials(accessKey: "AKID", secretKey: "hunter2", sessionToken: "hunter3")
        var text = "\(secret) \(String(reflecting: secret))"
        dump(secret, to: &text)
        print(Optional(secret) as Any, [secret], to: &text)
        #expect(!text.contains("hunter") && !text.contains("AKID"))
    }
}

private final class Source: CredentialSource {
    private let count = Mutex(0)
    private let make: @Sendable (Int) throws -> AWSCredentials

    init(_ make: @escaping @Sendable (Int) throws -> AWSCredentials) {
        self.make = make
    }

    func fetch(cancellation: Cancellation) throws -> AWSCredentials? {
        try make(
            count.withLock {
                $0 += 1
                return $0
            })
    }
}
