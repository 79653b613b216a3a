/// Text from a backup made safe to print: a table may be named with an escape sequence.
package enum PrintableText {
    /// On one line, control characters shown as `\n`, `\u{1b}`, …
    package static func line(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case _ where scalar.properties.generalCategory == .control || isInvisible(scalar):
                output += "\\u{\(String(scalar.value, radix: 16))}"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }

    /// Directional overrides and line separators make text read as what it is not.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
            || (0x2028...0x2029).contains(scalar.value)
    }
}
