/// Looks for passwords inside libpq connection strings (PostgreSQL 15 documentation, 34.1.1 "Connection Strings").
package enum ConnectionSecrets {
    /// Whether `text` holds a password of its own: `password=…`, `sslpassword=…`, or `user:password@` in a URI.
    package static func holdsPassword(_ text: String) -> Bool {
        if text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") { return uriHoldsPassword(text) }
        return ["password", "sslpassword"].contains { keyword in
            value(of: keyword, in: text).map { !$0.isEmpty } ?? false
        }
    }

    private static func uriHoldsPassword(_ text: String) -> Bool {
        let rest = text.drop { $0 != "/" }.dropFirst(2)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        if let at = authority.lastIndex(of: "@") {
            let user = authority[..<at]
            if let colon = user.firstIndex(of: ":"), user.index(after: colon) < user.endIndex { return true }
        }
        guard let question = rest.firstIndex(of: "?") else { return false }
        return rest[question...].dropFirst().split(separator: "&").contains { parameter in
            ["password=", "sslpassword="].contains { parameter.hasPrefix($0) && parameter.count > $0.count }
        }
    }

    /// The value behind `keyword`, blanks round `=` allowed.
    private static func value(of keyword: String, in text: String) -> Substring? {
        var rest = Substring(text)
        while let range = rest.firstRange(of: keyword) {
            let before = range.lowerBound == text.startIndex ? nil : text[text.index(before: range.lowerBound)]
            let after = rest[range.upperBound...].drop { $0 == " " }
            if before == nil || before == " ", after.first == "=" {
                return after.dropFirst().drop { $0 == " " }.prefix { $0 != " " }
            }
            rest = rest[range.upperBound...]
        }
        return nil
    }
}
