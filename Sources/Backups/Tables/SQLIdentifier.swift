/// Quoting of SQL identifiers.
package enum SQLIdentifier {
    /// `name` between double quotes, quotes inside doubled: safe in any statement.
    package static func quoted(_ name: String) -> String {
        var text = "\""
        for scalar in name.unicodeScalars {
            if scalar == "\"" { text.unicodeScalars.append("\"") }
            text.unicodeScalars.append(scalar)
        }
        return text + "\""
    }

    /// `name` bare where lower-case letters, digits and `_` suffice, else ``quoted(_:)``. For people, and for keys: the
    /// two forms never collide. Key words are not looked up, so this is not for building statements.
    package static func quotedIfNeeded(_ name: String) -> String {
        let scalars = name.unicodeScalars
        let bare = scalars.first.map { isLetter($0) } ?? false
        return bare && scalars.allSatisfy { isLetter($0) || ("0"..."9").contains($0) } ? name : quoted(name)
    }

    private static func isLetter(_ scalar: UnicodeScalar) -> Bool {
        ("a"..."z").contains(scalar) || scalar == "_"
    }
}
