/// Reads JSON (RFC 8259) from bytes in memory, value by value, without building a tree: a `backup_manifest` may list a
/// million files.
///
/// The caller knows what comes next and asks for it; anything else is a flaw.
struct JSONReader {
    /// Where the text is not what was asked for.
    struct Flaw: Error, CustomStringConvertible {
        let offset: Int
        let wanted: String

        var description: String { "\(wanted) is missing at byte \(offset)" }
    }

    private let bytes: UnsafeRawBufferPointer
    private(set) var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Reads an object; `member` is called with each key and must read its value.
    mutating func object(_ member: (_ key: String, inout JSONReader) throws -> Void) throws {
        try take(UInt8(ascii: "{"), "an object")
        if takeIfNext(UInt8(ascii: "}")) { return }
        repeat {
            let key = String(decoding: try string(), as: UTF8.self)
            try take(UInt8(ascii: ":"), "a colon")
            try member(key, &self)
        } while takeIfNext(UInt8(ascii: ","))
        try take(UInt8(ascii: "}"), "the end of an object")
    }

    /// Reads an array; `element` is called for each element and must read it.
    mutating func array(_ element: (inout JSONReader) throws -> Void) throws {
        try take(UInt8(ascii: "["), "an array")
        if takeIfNext(UInt8(ascii: "]")) { return }
        repeat { try element(&self) } while takeIfNext(UInt8(ascii: ","))
        try take(UInt8(ascii: "]"), "the end of an array")
    }

    /// The bytes of a string, unescaped: UTF-8 where the text is.
    mutating func string() throws -> [UInt8] {
        try take(UInt8(ascii: "\""), "a string")
        var text: [UInt8] = []
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            switch byte {
            case UInt8(ascii: "\""): return text
            case UInt8(ascii: "\\"): try unescape(into: &text)
            case 0..<0x20: throw Flaw(offset: offset - 1, wanted: "an escaped control character")
            default: text.append(byte)
            }
        }
        throw Flaw(offset: offset, wanted: "the end of a string")
    }

    /// A whole number from 0 on.
    mutating func number() throws -> UInt64 {
        skipSpace()
        var value: UInt64?
        while offset < bytes.count, case UInt8(ascii: "0")...UInt8(ascii: "9") = bytes[offset] {
            let (product, overflow) = (value ?? 0).multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(bytes[offset] - UInt8(ascii: "0")))
            guard !overflow, !carry else { throw Flaw(offset: offset, wanted: "a number below 2^64") }
            value = sum
            offset += 1
        }
        guard let value else { throw Flaw(offset: offset, wanted: "a whole number") }
        return value
    }

    /// Nothing but white space may follow.
    mutating func end() throws {
        skipSpace()
        guard offset == bytes.count else { throw Flaw(offset: offset, wanted: "the end of the text") }
    }

    private mutating func unescape(into text: inout [UInt8]) throws {
        guard offset < bytes.count else { throw Flaw(offset: offset, wanted: "an escaped letter") }
        let letter = bytes[offset]
        offset += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text += Array(String(try unicodeScalar()).utf8)
        default: throw Flaw(offset: offset - 1, wanted: "a known escape")
        }
    }

    /// After `\u`: four digits, or two surrogates.
    private mutating func unicodeScalar() throws -> Unicode.Scalar {
        let start = offset
        var value = try fourDigits()
        if (0xD800..<0xDC00).contains(value), offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"),
            bytes[offset + 1] == UInt8(ascii: "u")
        {
            offset += 2
            let low = try fourDigits()
            guard (0xDC00..<0xE000).contains(low) else { throw Flaw(offset: start, wanted: "a pair of surrogates") }
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw Flaw(offset: start, wanted: "a letter of Unicode") }
        return scalar
    }

    private mutating func fourDigits() throws -> UInt32 {
        guard offset + 4 <= bytes.count,
            let value = UInt32(String(decoding: bytes[offset..<offset + 4], as: UTF8.self), radix: 16)
        else { throw Flaw(offset: offset, wanted: "four hexadecimal digits") }
        offset += 4
        return value
    }

    private mutating func take(_ byte: UInt8, _ wanted: String) throws {
        guard takeIfNext(byte) else { throw Flaw(offset: offset, wanted: wanted) }
    }

    private mutating func takeIfNext(_ byte: UInt8) -> Bool {
        skipSpace()
        guard offset < bytes.count, bytes[offset] == byte else { return false }
        offset += 1
        return true
    }

    private mutating func skipSpace() {
        while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
    }
}
