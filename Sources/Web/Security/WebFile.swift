import Backups
import Yams

/// The web configuration file, in the format of Prometheus' exporter-toolkit (its docs/web-configuration.md): TLS and
/// basic authentication. What it has beyond that is refused, and said so: a setting that does nothing is worse than none.
package struct WebFile: Sendable, Equatable {
    package struct TLS: Sendable, Equatable {
        package enum Version: String, Sendable, CaseIterable, Comparable {
            case tls12 = "TLS12"
            case tls13 = "TLS13"

            package static func < (left: Version, right: Version) -> Bool { left == .tls12 && right == .tls13 }
        }

        package enum ClientCertificate: String, Sendable, CaseIterable {
            case ignored = "NoClientCert"
            case verifiedIfGiven = "VerifyClientCertIfGiven"
            case required = "RequireAndVerifyClientCert"
        }

        package var certificateFile: String
        package var keyFile: String
        package var clientCertificate: ClientCertificate
        package var clientAuthorityFile: String?
        package var minimum: Version
        package var maximum: Version
    }

    package var tls: TLS?
    /// bcrypt hashes by user name. Empty: nobody is asked for a password.
    var users: [String: PasswordHash]

    /// Reads the text of the file.
    /// - Parameter folder: what relative paths in it start from: the file's own folder, as the toolkit has it.
    /// - Throws: ``Obstacle`` that names line and column.
    package init(yaml text: String, folder: String) throws {
        (tls, users) = (nil, [:])
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw Self.obstacle("web configuration: \(Self.problem(of: error))")
        }
        guard let root else { return }
        let section = try WebFileSection(
            root, name: "", known: ["tls_server_config", "basic_auth_users", "http_server_config"])
        if let node = section["tls_server_config"] { tls = try Self.tls(node, folder: folder) }
        if let node = section["basic_auth_users"] { users = try Self.users(node) }
        if let node = section["http_server_config"] {
            let http = try WebFileSection(node, name: "http_server_config", known: ["http2"])
            if try http.text("http2") == "true" {
                throw http.obstacle("http2 is not offered here", at: http["http2"], hint: "set it to false")
            }
        }
    }

    private static func tls(_ node: Node, folder: String) throws -> TLS {
        let section = try WebFileSection(
            node, name: "tls_server_config",
            known: ["cert_file", "key_file", "client_auth_type", "client_ca_file", "min_version", "max_version"])
        func path(_ text: String) -> String { text.hasPrefix("/") ? text : "\(folder)/\(text)" }
        guard let certificate = try section.text("cert_file"), let key = try section.text("key_file") else {
            throw section.obstacle("tls_server_config needs cert_file and key_file", at: node)
        }
        let tls = TLS(
            certificateFile: path(certificate), keyFile: path(key),
            clientCertificate: try section.choice("client_auth_type") ?? .ignored,
            clientAuthorityFile: try section.text("client_ca_file").map(path),
            minimum: try section.choice("min_version") ?? .tls12, maximum: try section.choice("max_version") ?? .tls13)
        if tls.maximum < tls.minimum {
            throw section.obstacle("max_version is below min_version", at: section["max_version"])
        }
        if tls.clientCertificate != .ignored, tls.clientAuthorityFile == nil {
            throw section.obstacle("client_auth_type needs a client_ca_file", at: section["client_auth_type"])
        }
        if tls.clientCertificate == .ignored, tls.clientAuthorityFile != nil {
            throw section.obstacle(
                "client_ca_file does nothing without client_auth_type", at: section["client_ca_file"],
                hint: "set client_auth_type: RequireAndVerifyClientCert")
        }
        return tls
    }

    private static func users(_ node: Node) throws -> [String: PasswordHash] {
        let section = try WebFileSection(node, name: "basic_auth_users", known: nil)
        var users: [String: PasswordHash] = [:]
        for name in section.names {
            // The value is a secret: the message does not repeat it.
            guard let text = try section.text(name), let hash = PasswordHash(text) else {
                throw section.obstacle(
                    "the password of the user \(name) is not hashed with bcrypt", at: section[name],
                    hint: "make a hash with: htpasswd -nBC 10 \"\" | tr -d ':\\n'")
            }
            guard !name.contains(":") else {
                throw section.obstacle("a user name has no colon", at: section[name])
            }
            users[name] = hash
        }
        return users
    }

    /// Yams' own text repeats the line, and with it what is secret there.
    private static func problem(of error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _):
            "line \(mark.line), column \(mark.column): \(problem)"
        case .duplicatedKeysInMapping(_, let context):
            "line \(context.mark.line): a key stands there twice"
        default: "it is not YAML"
        }
    }

    static func obstacle(_ message: String, hint: String? = nil) -> Obstacle {
        Obstacle(.unreadable, message, hint: hint)
    }
}
