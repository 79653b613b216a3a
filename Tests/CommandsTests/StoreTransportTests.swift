import TestSupport
import Testing

/// How a store is reached: TLS with a private authority, a proxy, buckets by the host's name.
@Suite struct StoreTransportTests {
    private let directory: TemporaryDirectory
    private static let dump = """
        --
        -- PostgreSQL database dump
        --

        CREATE TABLE public.t (a integer);

        COPY public.t (a) FROM stdin;
        1
        \\.

        --
        -- PostgreSQL database dump complete
        --


        """

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func verify(
        _ bucket: S3Bucket, _ server: S3Server, _ more: [String: String]
    ) throws -> ToolResult {
        try Restorable.run(
            ["verify", "--until", "integrity", "\(bucket.address)/a b/t.sql"],
            environment: server.environment().merging(more) { _, new in new })
    }

    private func makeBucket(_ server: S3Server) throws -> S3Bucket {
        let bucket = try server.makeBucket()
        try bucket.put(Array(Self.dump.utf8), "a b/t.sql")
        return bucket
    }

    /// A store that speaks TLS, with a certificate that nobody trusts by itself.
    private func makePrivateServer(for name: String) throws -> (server: S3Server, certificate: String) {
        let (certificate, key) = (directory.file("cert.pem"), directory.file("key.pem"))
        try Tool.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=store", "-addext",
                "subjectAltName=\(name)", "-keyout", key, "-out", certificate,
            ])
        let server = try S3Server(scheme: "https", S3Server.seesChanges + ["--cert", certificate, "--key", key])
        return (server, certificate)
    }

    @Test func aPrivateAuthorityIsTrustedWhenItIsNamed() throws {
        let (server, certificate) = try makePrivateServer(for: "IP:127.0.0.1")
        let bucket = try makeBucket(server)
        let trusted = try verify(bucket, server, ["AWS_CA_BUNDLE": certificate])
        #expect(trusted.status == 0, "\(trusted.outputText)")
        let unknown = try verify(bucket, server, [:])
        #expect(unknown.status == 2)
        #expect(unknown.outputText.contains("is not trusted") && unknown.outputText.contains("AWS_CA_BUNDLE"))
        let nowhere = try verify(bucket, server, ["AWS_CA_BUNDLE": directory.file("none.pem")])
        #expect(nowhere.status == 2)
        // A server that restarts breaks handshakes off, too.
        for (resets, status) in [(2, Int32(0)), (99, 2)] {
            let breaker = try HandshakeBreaker(before: server.port, resets: resets)
            let broken = try verify(
                bucket, server, ["AWS_CA_BUNDLE": certificate, "AWS_ENDPOINT_URL": "https://127.0.0.1:\(breaker.port)"])
            #expect(broken.status == status, "\(broken.outputText)")
            #expect(status == 0 ? breaker.remaining == 0 : broken.outputText.contains("(connection-failed)"))
        }
        let plain = try verify(bucket, server, ["AWS_ENDPOINT_URL": "https://127.0.0.1:\(try S3Server.shared().port)"])
        #expect(plain.status == 2)
        #expect(plain.outputText.contains("Does it speak https?"), "\(plain.outputText)")
    }

    @Test func theProxyOfTheEnvironmentIsTaken() throws {
        let server = try S3Server.shared()
        let bucket = try makeBucket(server)
        let proxy = try FaultProxy(before: server.port)
        let variables = ["AWS_ENDPOINT_URL": "http://store.invalid", "http_proxy": proxy.endpoint]
        let result = try verify(bucket, server, variables)
        #expect(result.status == 0, "\(result.outputText)")
        #expect(proxy.requests.allSatisfy { $0.target.hasPrefix("http://store.invalid/\(bucket.name)/a%20b/t.sql") })
        #expect(
            try verify(bucket, server, variables.merging(["no_proxy": "store.invalid"]) { _, new in new }).status == 2)
    }

    /// A proxy between is no reason to trust whoever answers behind it.
    @Test func theProxyIsAskedForALineWhereTheStoreSpeaksTLS() throws {
        let (server, certificate) = try makePrivateServer(for: "DNS:store.invalid")
        let bucket = try makeBucket(server)
        let proxy = try ConnectProxy(before: server.port)
        let variables = ["AWS_ENDPOINT_URL": "https://store.invalid", "https_proxy": proxy.address]
        let trusted = try verify(bucket, server, variables.merging(["AWS_CA_BUNDLE": certificate]) { _, new in new })
        #expect(trusted.status == 0, "\(trusted.outputText)")
        #expect(Set(proxy.requests) == ["CONNECT store.invalid:443 HTTP/1.1"])
        let unknown = try verify(bucket, server, variables)
        #expect(unknown.status == 2 && unknown.outputText.contains("is not trusted"), "\(unknown.outputText)")
        let elsewhere = variables.merging(
            ["AWS_CA_BUNDLE": certificate, "AWS_ENDPOINT_URL": "https://other.invalid"]) { _, new in new }
        #expect(try verify(bucket, server, elsewhere).status == 2)
    }

    /// The signature covers the host's name, with the bucket in it.
    @Test func aBucketMayStandInTheHostsName() throws {
        let server = try S3Server(S3Server.seesChanges + ["--force-path-style=false"])
        let bucket = try makeBucket(server)
        let proxy = try FaultProxy(before: server.port)
        let config = try directory.write("[default]\ns3 =\n  addressing_style = virtual\n", to: "config")
        let variables = [
            "AWS_ENDPOINT_URL": "http://store.invalid", "http_proxy": proxy.endpoint, "AWS_CONFIG_FILE": config,
        ]
        let result = try verify(bucket, server, variables)
        #expect(result.status == 0, "\(result.outputText)")
        #expect(proxy.requests.allSatisfy { $0.target.hasPrefix("http://\(bucket.name).store.invalid/a%20b/t.sql") })
        let wrong = try verify(bucket, server, variables.merging(["AWS_SECRET_ACCESS_KEY": "no"]) { _, new in new })
        #expect(wrong.status == 2)
    }
}
