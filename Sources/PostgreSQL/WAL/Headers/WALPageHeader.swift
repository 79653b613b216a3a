package import Backups

/// What the first page of a segment says of it: `XLogLongPageHeaderData` in PostgreSQL's
/// `src/include/access/xlog_internal.h`, in the byte order of the machines that PostgreSQL is run on today.
package struct WALPageHeader: Sendable, Equatable {
    /// Bytes of the header.
    static let length = 40
    /// `XLOG_PAGE_MAGIC` of each major version.
    private static let majors: [UInt16: Int] = [
        0xD097: 10, 0xD098: 11, 0xD101: 12, 0xD106: 13, 0xD10D: 14, 0xD110: 15, 0xD113: 16, 0xD116: 17, 0xD118: 18,
    ]
    /// `XLP_LONG_HEADER`: every segment's first page has one.
    private static let longHeader: UInt16 = 0x0002

    package let magic: UInt16
    package let timeline: UInt32
    package let address: WALPosition
    package let systemIdentifier: UInt64
    package let segmentSize: WALSegmentSize

    /// - Returns: `nil` for what no server wrote.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.length else { return nil }
        func number<Value: FixedWidthInteger>(_ offset: Int, _ type: Value.Type) -> Value {
            var value: Value = 0
            for index in (0..<MemoryLayout<Value>.size).reversed() { value = value << 8 | Value(bytes[offset + index]) }
            return value
        }
        magic = number(0, UInt16.self)
        // 0xD0…, 0xD1…: what it has been for 20 years, so that the next version is none of a stranger's.
        guard magic >> 9 == 0xD0 >> 1, number(2, UInt16.self) & Self.longHeader != 0,
            let size = WALSegmentSize(bytes: UInt64(number(32, UInt32.self)))
        else { return nil }
        timeline = number(4, UInt32.self)
        address = WALPosition(bytes: number(8, UInt64.self))
        systemIdentifier = number(24, UInt64.self)
        segmentSize = size
    }

    /// Of the server that wrote it; `nil` for one that is newer than this program.
    package var major: Int? { Self.majors[magic] }
}
