extension [UInt8] {
    /// Appends text with `\` as `\\` and a line feed as `\n`; with quotes, also `"` as `\"`.
    ///
    /// Both formats escape nothing else: every other character, control characters included, stands for itself. A
    /// `String` is valid UTF-8 always.
    mutating func append(escaped text: String, withQuotes: Bool) {
        let text = text.utf8
        let isPlain: Void? = text.withContiguousStorageIfAvailable { append(escaped: $0, withQuotes: withQuotes) }
        if isPlain == nil { append(escaped: text, withQuotes: withQuotes) }
    }

    private mutating func append(escaped text: some Collection<UInt8>, withQuotes: Bool) {
        guard text.contains(where: { Self.isEscaped($0, withQuotes) }) else {
            append(contentsOf: text)
            return
        }
        for byte in text {
            if Self.isEscaped(byte, withQuotes) { append(UInt8(ascii: "\\")) }
            append(byte == UInt8(ascii: "\n") ? UInt8(ascii: "n") : byte)
        }
    }

    private static func isEscaped(_ byte: UInt8, _ withQuotes: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "\\"), UInt8(ascii: "\n"): true
        case UInt8(ascii: "\""): withQuotes
        default: false
        }
    }
}
