/// Looks for passwords inside libpq connection strings (PostgreSQL 15 documentation, 34.1.1 "Connection Strings").
package enum ConnectionSecrets {
    /// Whether `text` holds a password of its own: `password=…`, `sslpassword=…`, or `user:password@` in a URI.
    package static func holdsPassword(_ text: String) -> Bool {
        if text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") { return uriHoldsPassword(text) }
        return keywords.contains { keyword in value(of: keyword, in: text).map { !$0.isEmpty } ?? false }
    }

    /// The same connection with a password (PostgreSQL 15 documentation, 34.1.1.1 and 34.1.1.2).
    static func adding(_ password: String, to connection: String) -> String {
        guard connection.hasPrefix("postgresql://") || connection.hasPrefix("postgres://") else {
            let escaped = password.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
            return "\(connection) password='\(escaped)'"
        }
        return
            "\(connection)\(connection.contains("?") ? "&" : "?")password=\(DatabaseSettings.percentEncoded(password))"
    }

    private static let keywords = ["password", "sslpassword", "oauth_client_secret"]

    private static func uriHoldsPassword(_ text: String) -> Bool {
        let rest = text.drop { $0 != "/" }.dropFirst(2)
        // libpq ends the user's part at the first @ or /; whoever wrote a password with one of them in it meant the last.
        let first = rest.firstIndex { $0 == "@" || $0 == "/" }.flatMap { rest[$0] == "@" ? $0 : nil }
        for at in [first, rest.prefix { $0 != "?" }.lastIndex(of: "@")].compactMap(\.self) {
            let user = rest[..<at]
            if let colon = user.firstIndex(of: ":"), user.index(after: colon) < user.endIndex { return true }
        }
        guard let question = rest.firstIndex(of: "?") else { return false }
        return rest[question...].dropFirst().split(separator: "&").contains { parameter in
            keywords.contains { parameter.hasPrefix("\($0)=") && parameter.count > $0.count + 1 }
        }
    }

    /// The value behind `keyword`, blanks round `=` allowed.
    private static func value(of keyword: String, in text: String) -> Substring? {
        var rest = Substring(text)
        while let range = rest.firstRange(of: keyword) {
            let before = range.lowerBound == text.startIndex ? nil : text[text.index(before: range.lowerBound)]
            let after = rest[range.upperBound...].drop(while: \.isWhitespace)
            if before?.isWhitespace ?? true, after.first == "=" {
                return after.dropFirst().drop(while: \.isWhitespace).prefix { !$0.isWhitespace }
            }
            rest = rest[range.upperBound...]
        }
        return nil
    }
}
