/// A place in the write-ahead log, in bytes from its beginning: a value of PostgreSQL's type `pg_lsn`.
package struct WALPosition: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    package let bytes: UInt64

    package init(bytes: UInt64) { self.bytes = bytes }

    /// Reads `16/B374D848`: the upper and the lower 32 bits, hexadecimal (documentation, "8.20. pg_lsn Type").
    package init?(_ text: some StringProtocol) {
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, let high = UInt32(halves[0], radix: 16), let low = UInt32(halves[1], radix: 16) else {
            return nil
        }
        bytes = UInt64(high) << 32 | UInt64(low)
    }

    package var description: String {
        "\(String(bytes >> 32, radix: 16, uppercase: true))/\(String(bytes & 0xFFFF_FFFF, radix: 16, uppercase: true))"
    }

    package static func < (left: WALPosition, right: WALPosition) -> Bool { left.bytes < right.bytes }
}
