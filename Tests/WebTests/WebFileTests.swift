import Backups
import Testing

@testable import Web

@Suite struct WebFileTests {
    @Test func isReadAsTheToolkitReadsIt() throws {
        let file = try WebFile(
            yaml: """
                tls_server_config:
                  cert_file: server.crt
                  key_file: /keys/server.key
                  client_auth_type: RequireAndVerifyClientCert
                  client_ca_file: ca.crt
                  min_version: TLS13
                http_server_config:
                  http2: false
                basic_auth_users:
                  ann: \(AuthenticationTests.hash)
                """, folder: "/etc/restorable")
        let tls = try #require(file.tls)
        #expect(tls.certificateFile == "/etc/restorable/server.crt")
        #expect(tls.keyFile == "/keys/server.key")
        #expect(tls.clientCertificate == .required)
        #expect(tls.clientAuthorityFile == "/etc/restorable/ca.crt")
        #expect(tls.minimum == .tls13)
        #expect(file.users.keys.sorted() == ["ann"])
    }

    @Test(arguments: ["", "# nothing\n", "{}"])
    func anEmptyFileAsksForNothing(yaml: String) throws {
        let file = try WebFile(yaml: yaml, folder: ".")
        #expect(file.tls == nil)
        #expect(file.users == [:])
    }

    @Test(arguments: [
        ("basic_auth_user:\n  a: b\n", "line 1, column 1: basic_auth_user is not a key"),
        ("basic_auth_users:\n  ann: topsecret\n", "line 2, column 8: the password of the user ann is not hashed"),
        ("basic_auth_users:\n  ann: topsecret\n  ann: topsecret\n", "a key stands there twice"),
        ("basic_auth_users: [topsecret\n", "line 2, column 1"),
        ("basic_auth_users: [topsecret]\n", "basic_auth_users must be a mapping"),
        ("- a\n", "the file must be a mapping"),
        ("tls_server_config:\n  cert_file: a\n", "needs cert_file and key_file"),
        ("tls_server_config:\n  cert_file: a\n  key_file: b\n  ciphers: c\n", "tls_server_config.ciphers is not a key"),
        ("tls_server_config:\n  cert_file: a\n  key_file: b\n  min_version: TLS11\n", "can't be TLS11"),
        (
            "tls_server_config:\n  cert_file: a\n  key_file: b\n  min_version: TLS13\n  max_version: TLS12\n",
            "max_version is below min_version"
        ),
        (
            "tls_server_config:\n  cert_file: a\n  key_file: b\n  client_auth_type: RequireAndVerifyClientCert\n",
            "needs a client_ca_file"
        ),
        ("tls_server_config:\n  cert_file: a\n  key_file: b\n  client_ca_file: c\n", "does nothing without"),
        ("http_server_config:\n  http2: true\n", "http2 is not offered"),
        ("http_server_config:\n  headers: {}\n", "http_server_config.headers is not a key"),
    ])
    func whatIsWrongIsNamedWithoutSecrets(yaml: String, message: String) throws {
        let obstacle = try #require(throws: Obstacle.self) { try WebFile(yaml: yaml, folder: ".") }
        #expect(obstacle.message.contains(message), "\(obstacle.message)")
        #expect(!"\(obstacle)".contains("topsecret"))
    }

    @Test func aFileThatIsNotThereIsAnObstacle() {
        #expect(throws: Obstacle.self) { try WebSecurity(path: "/nonexistent/web.yml") }
    }
}
