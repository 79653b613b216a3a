/// The name of a file that the server's archiver takes: a segment of the write-ahead log, or what goes with one.
///
/// Names as PostgreSQL's `src/include/access/xlog_internal.h` makes them (`IsXLogFileName`, `IsTLHistoryFileName`,
/// `IsPartialXLogFileName`, `IsBackupHistoryFileName`): upper-case hexadecimal digits, eight for each number.
package enum WALFileName: Sendable, Equatable {
    /// `000000010000000A000000FF`: timeline, and the two halves of the segment's number.
    case segment(timeline: UInt32, high: UInt32, low: UInt32)
    /// `….partial`: the last segment of a timeline that was left, as far as it was written.
    case partial(timeline: UInt32, high: UInt32, low: UInt32)
    /// `….00000028.backup`: notes of a base backup that began in this segment.
    case backup(timeline: UInt32, high: UInt32, low: UInt32)
    /// `00000002.history`: where a timeline comes from.
    case history(timeline: UInt32)

    /// - Returns: `nil` for a name that the archiver would not take.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard let (file, length) = bytes.withUnsafeBufferPointer({ Self.read($0) }), length == bytes.count else {
            return nil
        }
        self = file
    }

    /// The longest name that `bytes` begin with, and its length.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> (WALFileName, length: Int)? {
        guard let timeline = number(bytes, at: 0) else { return nil }
        if has(".history", bytes, at: 8) { return (.history(timeline: timeline), 16) }
        guard let high = number(bytes, at: 8), let low = number(bytes, at: 16) else { return nil }
        guard bytes.count > 24, bytes[24] == UInt8(ascii: ".") else {
            return (.segment(timeline: timeline, high: high, low: low), 24)
        }
        if has(".partial", bytes, at: 24) { return (.partial(timeline: timeline, high: high, low: low), 32) }
        if number(bytes, at: 25) != nil, has(".backup", bytes, at: 33) {
            return (.backup(timeline: timeline, high: high, low: low), 40)
        }
        return (.segment(timeline: timeline, high: high, low: low), 24)
    }

    private static func has(_ text: StaticString, _ bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> Bool {
        guard bytes.count >= position + text.utf8CodeUnitCount else { return false }
        for index in 0..<text.utf8CodeUnitCount where bytes[position + index] != text.utf8Start[index] { return false }
        return true
    }

    /// Eight digits from `position` on.
    private static func number(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> UInt32? {
        guard bytes.count >= position + 8 else { return nil }
        var value: UInt32 = 0
        for byte in bytes[position..<position + 8] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        return value
    }
}
