extension DatabaseSettings {
    /// Stands in a name, a pattern and a connection for the name of a database that is found at the location.
    package static let placeholder = "{database}"

    /// Whether it stands for as many databases as its location holds backups of.
    package var discovers: Bool { name.contains(Self.placeholder) }

    /// The settings of one database that was found.
    /// - Parameter captured: what `{database}` stands for in the paths of its backups.
    package func database(_ captured: String) -> DatabaseSettings {
        var settings = self
        settings.name = name.replacing(Self.placeholder, with: captured)
        settings.backups.match = backups.match?.bound(to: captured)
        settings.connection = connection.map { connection in
            let isURI = connection.hasPrefix("postgresql://") || connection.hasPrefix("postgres://")
            return connection.replacing(
                Self.placeholder, with: isURI ? Self.percentEncoded(captured) : Self.escaped(captured))
        }
        return settings
    }

    /// What stands for ``placeholder`` in a name that these settings gave; `nil` for a name that they can't have given.
    package func captured(from found: String) -> String? {
        guard let range = name.firstRange(of: Self.placeholder) else { return nil }
        let (prefix, suffix) = (name[..<range.lowerBound], name[range.upperBound...])
        guard found.hasPrefix(prefix), found.hasSuffix(suffix), found.utf8.count > prefix.utf8.count + suffix.utf8.count
        else { return nil }
        return String(found.dropFirst(prefix.count).dropLast(suffix.count))
    }

    /// Whether `{database}` stands in `connection` for the name of a database and for nothing else: whoever may write file
    /// names into the location must not choose the server that is connected to, nor its file of passwords.
    package static func namesDatabaseOnly(_ connection: String) -> Bool {
        guard connection.contains(placeholder) else { return true }
        if let scheme = ["postgresql://", "postgres://"].first(where: connection.hasPrefix) {
            let rest = connection.dropFirst(scheme.count)
            let path = rest.drop { $0 != "/" && $0 != "?" }
            guard !rest[..<path.startIndex].contains(placeholder) else { return false }
            let parameters = path.drop { $0 != "?" }.dropFirst().split(separator: "&")
            return parameters.allSatisfy { !$0.contains(placeholder) || $0.hasPrefix("dbname=") }
        }
        return connection.split(whereSeparator: \.isWhitespace).allSatisfy {
            !$0.contains(placeholder) || $0.hasPrefix("dbname=")
        }
    }

    /// A value, or a part of one, of a connection string, in single quotes or not: a name that somebody gave a file must
    /// not become another keyword (PostgreSQL 15 documentation, 34.1.1.1 "Keyword/Value Connection Strings").
    private static func escaped(_ text: String) -> String {
        var output = ""
        for letter in text.unicodeScalars {
            if letter == "'" || letter == "\\" || letter.properties.isWhitespace { output += "\\" }
            output.unicodeScalars.append(letter)
        }
        return output
    }

    /// A part of a URI: RFC 3986, 2.1 and 2.3.
    static func percentEncoded(_ text: String) -> String {
        var output = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                output.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                output += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return output
    }
}
