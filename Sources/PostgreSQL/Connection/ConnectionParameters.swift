import Backups
import CPQ

/// How to reach a server: libpq's keywords and values. May hold a password, so it has no description of its own values.
package struct ConnectionParameters: Sendable, CustomStringConvertible, CustomReflectable {
    /// libpq's keywords ("34.1.2. Parameter Key Words") and their values.
    package var values: [String: String]

    package init(_ values: [String: String]) {
        self.values = values
    }

    /// Keywords whose values are secrets.
    static let secretKeywords: Set<String> = ["password", "sslpassword", "oauth_client_secret"]

    /// Parses a connection string: `host=… dbname=…` or `postgresql://…`.
    /// - Throws: ``Obstacle`` `connection-failed`. libpq's own message may quote the string, password and all, so it is
    ///   not repeated.
    package init(conninfo: String) throws {
        var message: UnsafeMutablePointer<CChar>?
        guard !Self.mayMistakeThePassword(conninfo), let options = PQconninfoParse(conninfo, &message) else {
            if let message { PQfreemem(message) }
            throw Obstacle(
                .connectionFailed, "the connection string can't be parsed",
                hint:
                    "use keyword=value pairs (values with spaces or quotes in single quotes, with \\' for a quote) or "
                    + "postgresql://USER@HOST:PORT/DATABASE with special characters percent-encoded (%40 for @, %2F for /)"
            )
        }
        defer { PQconninfoFree(options) }
        values = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
    }

    /// Whether libpq would take a part of an URI's password for a host, a port or a database, which are told in messages.
    ///
    /// libpq ends the user's part at the first `@` before the first `/` (fe-connect.c, conninfo_uri_parse_options); by RFC
    /// 3986, 3.2, it ends at the last `@` of the authority, which ends at the first `/`, `?` or `#`. Where the two differ,
    /// part of a password is left over: of `app:p@ss@db` a host `ss@db`. And where there is no user's part, but a port and
    /// then an `@`, nobody can tell: `app:pass/word@db` is port `pass` of host `app`, or a password with a slash.
    private static func mayMistakeThePassword(_ conninfo: String) -> Bool {
        guard let scheme = ["postgresql://", "postgres://"].first(where: conninfo.hasPrefix) else { return false }
        let rest = conninfo.utf8.dropFirst(scheme.utf8.count)
        let at = UInt8(ascii: "@")
        let user = rest.prefix { $0 != at && $0 != UInt8(ascii: "/") }
        let after = rest[user.endIndex...]
        guard after.first == at else {
            let path = after.prefix { $0 != UInt8(ascii: "?") }
            return user.contains(UInt8(ascii: ":")) && path.contains(at)
        }
        // A parameter's value, whose @ ends the user's part for libpq: `db?password=s@cret`.
        let query = user.drop { $0 != UInt8(ascii: "?") }
        return query.contains(UInt8(ascii: "=")) || after.dropFirst().prefix { !"/?#".utf8.contains($0) }.contains(at)
    }

    /// The same server, another database.
    package func database(_ name: String) -> ConnectionParameters {
        var copy = self
        copy.values["dbname"] = name
        return copy
    }

    /// Where this leads, without any secret: for messages.
    package var target: String {
        let host = values["host"] ?? values["hostaddr"] ?? values["service"].map { "service \($0)" } ?? "local server"
        let port = values["port"].map { ":\($0)" } ?? ""
        return host + port + (values["dbname"].map { "/\($0)" } ?? "")
    }

    package var description: String { target }
    package var customMirror: Mirror { Mirror(self, children: ["target": target]) }

    /// `text` without any of the secrets that these parameters hold.
    package func redacted(_ text: String) -> String {
        var redacted = text
        for keyword in Self.secretKeywords {
            guard let secret = values[keyword], !secret.isEmpty else { continue }
            redacted = redacted.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "***")
        }
        return redacted
    }
}
