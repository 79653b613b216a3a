import Glibc
import Processes
import TestSupport
import Testing

/// `serve` with `web.config_file`: nobody gets in without a password, whatever happens to that file.
@Suite struct ServeWithPasswordsTests {
    /// "correct horse", by bcrypt.
    private static let users =
        "basic_auth_users:\n  ann: $2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e\n"
    private static let tls = "tls_server_config: { cert_file: server.crt, key_file: server.key }\n"

    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try Tool.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-keyout", directory.file("server.key"), "-out", directory.file("server.crt"), "-subj",
                "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            ])
    }

    /// Status and body, over TLS with a certificate that is checked; status 0 where there is no answer.
    private func ask(
        _ daemon: DaemonProcess, _ path: String, password: String? = "correct horse", method: String = "GET"
    ) throws -> (status: Int, body: String) {
        let port = daemon.address.split(separator: ":").last ?? ""
        var arguments = [
            "--silent", "--max-time", "10", "--cacert", directory.file("server.crt"), "--resolve",
            "localhost:\(port):127.0.0.1", "--request", method, "--write-out", "\n%{http_code}",
        ]
        if let password { arguments += ["--user", "ann:\(password)"] }
        let text = try Tool.attempt("curl", arguments + ["https://localhost:\(port)\(path)"]).outputText
        let end = text.lastIndex(of: "\n") ?? text.startIndex
        return (Int(text[end...].dropFirst()) ?? 0, String(text[..<end]))
    }

    private func reload(_ daemon: DaemonProcess) throws -> (status: Int, body: String) {
        try ask(daemon, "/-/reload", method: "POST")
    }

    @Test func passwordsAreAskedForWhateverHappensToTheFile() throws {
        let web = try directory.write(Self.tls + Self.users, to: "web.yml")
        mkdir(directory.file("backups"), 0o755)
        let databases = """
            databases: [{ name: shop, backups: { location: \(directory.file("backups")) } }]

            """
        let configuration = "web: { config_file: \(web) }\n" + databases
        let daemon = try DaemonProcess(configuration, in: directory)
        for path in ["/", "/metrics", "/api/v1/databases"] {
            #expect(try ask(daemon, path).status == 200)
            #expect(try ask(daemon, path, password: nil).status == 401)
            #expect(try ask(daemon, path, password: "wrong").status == 401)
        }
        // Nor is it told to whoever does not speak TLS.
        #expect(try daemon.get("/metrics").contains("backup_info") == false)
        let verify = "/api/v1/databases/shop/verify"
        #expect(try ask(daemon, verify, method: "POST").status == 202)
        #expect(try ask(daemon, verify, password: nil, method: "POST").status == 401)
        #expect(try ask(daemon, "/api/v1/databases/none/verify", method: "POST").status == 404)
        #expect(try reload(daemon).status == 200)

        let isGood = "\nrestorable_config_last_reload_successful "
        for (text, cause) in [
            (Self.tls + "basic_auth_users: { ann: plain }\n", "bcrypt"), ("", "TLS"), (Self.tls, "authentication"),
        ] {
            _ = try directory.write(text, to: "web.yml")
            let refused = try reload(daemon)
            #expect(refused.status == 500 && refused.body.contains(cause), "\(refused)")
            #expect(try ask(daemon, "/metrics", password: nil).status == 401)
            #expect(try ask(daemon, "/metrics").body.contains(isGood + "0\n"))
        }
        _ = try directory.write(Self.tls + Self.users, to: "web.yml")
        #expect(try reload(daemon).status == 200)
        #expect(try ask(daemon, "/metrics").body.contains(isGood + "1\n"))

        // A configuration that means other passwords, or none, is not taken for one that is in force.
        try DaemonProcess.write(databases, in: directory)
        let refused = try reload(daemon)
        #expect(refused.status == 500 && refused.body.contains("web.config_file"), "\(refused)")
        #expect(try ask(daemon, "/metrics", password: nil).status == 401)
        #expect(try ask(daemon, "/metrics").body.contains(isGood + "0\n"))
        #expect(try daemon.end(SIGTERM) == .exited(0))
    }
}
