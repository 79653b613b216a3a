import Backups
import NIOCore
import NIOPosix
import NIOSSL
import Processes
import Testing

@testable import Web

/// With certificates that openssl makes on the spot.
@Suite struct TLSTests {
    private struct Keys {
        let folder: String

        init() throws {
            folder = try TemporaryFile.folder()
            try make("server", subject: "/CN=localhost")
            try make("client", subject: "/CN=prometheus")
            try make("stranger", subject: "/CN=stranger")
        }

        /// A key, and its certificate by its own authority.
        func make(_ name: String, subject: String) throws {
            let result = try ChildProcess.run(
                Command(
                    "/usr/bin/openssl",
                    [
                        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
                        "2",
                        "-keyout", "\(folder)/\(name).key", "-out", "\(folder)/\(name).crt", "-subj", subject,
                        "-addext",
                        "subjectAltName=DNS:localhost",
                    ]))
            #expect(result.isSuccess, "\(result.errorText)")
        }

        func file(_ extra: String = "") throws -> String {
            let path = "\(folder)/web.yml"
            try TemporaryFile.overwrite(
                path, "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n\(extra)")
            return path
        }
    }

    /// The answer to one request over TLS, by a client that trusts the certificate `trusting` alone.
    private static func get(
        _ port: Int, _ keys: Keys, trusting: String = "server", client: String? = nil, most: TLSVersion? = nil
    ) async throws -> String {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file("\(keys.folder)/\(trusting).crt")
        configuration.minimumTLSVersion = .tlsv1
        configuration.maximumTLSVersion = most
        if let client {
            let chain = try NIOSSLCertificate.fromPEMFile("\(keys.folder)/\(client).crt")
            configuration.certificateChain = chain.map { .certificate($0) }
            configuration.privateKey = .privateKey(
                try NIOSSLPrivateKey(file: "\(keys.folder)/\(client).key", format: .pem))
        }
        let context = try NIOSSLContext(configuration: configuration)
        let connection = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(context: context, serverHostname: "localhost"))
                    return try RawClient.Connection(wrappingChannelSynchronously: channel)
                }
            }
        return try await connection.executeThenClose { inbound, outbound in
            try await outbound.write(
                ByteBuffer(string: "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
            return await RawClient.all(of: inbound)
        }
    }

    /// As ``get(_:_:trusting:client:most:)``, where a refusal is an empty answer.
    private static func tryGet(
        _ port: Int, _ keys: Keys, trusting: String = "server", client: String? = nil, most: TLSVersion? = nil
    ) async -> String {
        (try? await get(port, keys, trusting: trusting, client: client, most: most)) ?? ""
    }

    @Test func answersOverTLSAlone() async throws {
        let keys = try Keys()
        try await withServer(file: keys.file()) { _, plain in
            #expect(await Self.tryGet(plain.port, keys).hasPrefix("HTTP/1.1 200"))
            #expect(await Self.tryGet(plain.port, keys, most: .tlsv12).hasPrefix("HTTP/1.1 200"))
            #expect(await Self.tryGet(plain.port, keys, most: .tlsv11) == "")
            #expect(await Self.tryGet(plain.port, keys, trusting: "stranger") == "")
            let overPlain = try await plain.get("/metrics")
            #expect(!overPlain.contains("200"))
        }
    }

    @Test func theLeastVersionIsHeld() async throws {
        let keys = try Keys()
        try await withServer(file: keys.file("  min_version: TLS13\n")) { _, plain in
            #expect(await Self.tryGet(plain.port, keys).hasPrefix("HTTP/1.1 200"))
            #expect(await Self.tryGet(plain.port, keys, most: .tlsv12) == "")
        }
    }

    @Test(arguments: [("RequireAndVerifyClientCert", false), ("VerifyClientCertIfGiven", true)])
    func aClientsCertificateIsVerified(policy: String, mayBeMissing: Bool) async throws {
        let keys = try Keys()
        let file = try keys.file("  client_auth_type: \(policy)\n  client_ca_file: client.crt\n")
        try await withServer(file: file) { _, plain in
            #expect(await Self.tryGet(plain.port, keys, client: "client").hasPrefix("HTTP/1.1 200"))
            #expect(await Self.tryGet(plain.port, keys).hasPrefix("HTTP/1.1 200") == mayBeMissing)
            #expect(await Self.tryGet(plain.port, keys, client: "stranger") == "")
        }
    }

    @Test func aRenewedCertificateIsUsedAfterReload() async throws {
        let keys = try Keys()
        try await withServer(file: keys.file()) { server, plain in
            try keys.make("renewed", subject: "/CN=localhost")
            let file = "\(keys.folder)/web.yml"
            let text = "tls_server_config:\n  cert_file: renewed.crt\n  key_file: renewed.key\n"
            try TemporaryFile.overwrite(file, text)
            #expect(await Self.tryGet(plain.port, keys, trusting: "renewed") == "")
            try server.reloadSecurity()
            #expect(await Self.tryGet(plain.port, keys, trusting: "renewed").hasPrefix("HTTP/1.1 200"))
            try TemporaryFile.overwrite(file, "")
            #expect(throws: Obstacle.self) { try server.reloadSecurity() }
            #expect(await Self.tryGet(plain.port, keys, trusting: "renewed").hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func aKeyOfAnotherCertificateIsRefused() throws {
        let keys = try Keys()
        let file = try keys.file()
        try TemporaryFile.overwrite(
            file, "tls_server_config:\n  cert_file: server.crt\n  key_file: client.key\n")
        #expect(throws: Obstacle.self) { try WebSecurity(path: file) }
    }

    /// A handshake that never comes is a head that never comes.
    @Test func whoDawdlesOverTheHandshakeIsCutOff() async throws {
        let keys = try Keys()
        try await withServer(limits: WebLimits(headerTime: .milliseconds(200)), file: keys.file()) { _, plain in
            let answer = try await plain.exchange("\u{16}\u{3}")
            #expect(answer == "")
        }
    }
}
