/// The escapes of `U&"…"`: `\XXXX`, `\+XXXXXX` and `\\` (PostgreSQL 15 documentation, 4.1.2.3). Only the default escape
/// character; pg_dump writes none of these.
enum UnicodeEscapes {
    static func decode(_ text: String) -> String {
        var units: [UInt16] = []
        var rest = Array(text.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            guard scalar == "\\" else {
                units.append(contentsOf: String(scalar).utf16)
                continue
            }
            if rest.first == "\\" {
                rest.removeFirst()
                units.append(0x5c)
                continue
            }
            let isLong = rest.first == "+"
            let digits = rest.dropFirst(isLong ? 1 : 0).prefix(isLong ? 6 : 4)
            let value = UInt32(String(String.UnicodeScalarView(digits)), radix: 16)
            guard digits.count == (isLong ? 6 : 4), let value else {
                units.append(0x5c)
                continue
            }
            rest = rest.dropFirst(digits.count + (isLong ? 1 : 0))
            if let wide = UnicodeScalar(value) {
                units.append(contentsOf: String(wide).utf16)
            } else {
                units.append(UInt16(truncatingIfNeeded: value))
            }
        }
        return String(decoding: units, as: UTF16.self)
    }
}
