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
        guard let timeline = Self.number(bytes, at: 0) else { return nil }
        if bytes[8...].elementsEqual(".history".utf8) {
            self = .history(timeline: timeline)
            return
        }
        guard let high = Self.number(bytes, at: 8), let low = Self.number(bytes, at: 16) else { return nil }
        let rest = bytes[24...]
        if rest.isEmpty {
            self = .segment(timeline: timeline, high: high, low: low)
        } else if rest.elementsEqual(".partial".utf8) {
            self = .partial(timeline: timeline, high: high, low: low)
        } else if rest.first == UInt8(ascii: "."), Self.number(bytes, at: 25) != nil,
            bytes[33...].elementsEqual(".backup".utf8)
        {
            self = .backup(timeline: timeline, high: high, low: low)
        } else {
            return nil
        }
    }

    /// Eight digits from `position` on.
    private static func number(_ bytes: [UInt8], at position: Int) -> UInt32? {
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
