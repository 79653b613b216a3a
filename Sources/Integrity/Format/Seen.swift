/// How bytes begin, for messages: printable and short.
enum Seen {
    /// At most 40 bytes: as text between quotes when they are text, else in hexadecimal.
    static func start(_ bytes: some Sequence<UInt8>) -> String {
        let start = Array(bytes.prefix(40))
        if start.isEmpty { return "nothing" }
        let isText = start.allSatisfy { $0 >= 0x20 && $0 < 0x7F || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        if isText { return quoted(String(decoding: start, as: UTF8.self)) }
        return "the bytes "
            + start.prefix(16).map { byte in
                let digits = String(byte, radix: 16)
                return digits.count == 1 ? "0\(digits)" : digits
            }.joined(separator: " ")
    }

    /// `text` between quotes, at most 100 characters, control characters (and so terminal escapes) replaced.
    static func quoted(_ text: String) -> String {
        "\"\(line(text))\""
    }

    static func line(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars.prefix(100) {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            let isDirection = (0x200B...0x200F).contains(scalar.value) || (0x2028...0x202E).contains(scalar.value)
            line.unicodeScalars.append(isControl || isDirection ? (scalar == "\n" ? "␊" : "·") : scalar)
        }
        return line
    }
}
