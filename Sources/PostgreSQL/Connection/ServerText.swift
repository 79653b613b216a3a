import Glibc

/// Text that a server or its client wrote, cut to what a person reads: a dump's own code may raise gigabytes.
enum ServerText {
    /// Bytes that are kept of one message, detail, hint or context.
    static let limit = 4 << 10

    private static let mark = " … (cut)"

    /// `text`, or its first ``limit`` bytes and a mark; never cut within a character's code point.
    static func bounded(_ text: String) -> String {
        let bytes = text.utf8
        guard bytes.count > limit else { return text }
        var end = bytes.index(bytes.startIndex, offsetBy: limit)
        while end > bytes.startIndex, isContinuation(bytes[end]) { end = bytes.index(before: end) }
        return String(decoding: bytes[..<end], as: UTF8.self) + mark
    }

    /// Copies no more than it keeps.
    static func bounded(_ text: UnsafePointer<CChar>) -> String {
        let length = strnlen(text, limit + 1)
        var end = min(length, limit)
        while length > limit, end > 0, isContinuation(UInt8(bitPattern: text[end])) { end -= 1 }
        let bytes = UnsafeBufferPointer(start: text, count: end)
        let kept = String(decoding: bytes.lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return length > limit ? kept + mark : kept
    }

    private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
