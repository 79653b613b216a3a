import Backups

/// How large the segments of a server's write-ahead log are, and the arithmetic that follows from it: macros of
/// `src/include/access/xlog_internal.h` (`XLogSegmentsPerXLogId`, `XLogFromFileName`, `XLByteToSeg`).
package struct WALSegmentSize: Sendable, Hashable {
    package let bytes: UInt64

    /// - Returns: `nil` for what no server has: a power of two from 1 MiB to 1 GiB (`IsValidWalSegSize`).
    package init?(bytes: UInt64) {
        guard (1 << 20...1 << 30).contains(bytes), bytes & (bytes - 1) == 0 else { return nil }
        self.bytes = bytes
    }

    private init(usual bytes: UInt64) { self.bytes = bytes }

    /// What every server has that was not made with another (`DEFAULT_XLOG_SEG_SIZE`).
    package static let usual = WALSegmentSize(usual: 16 << 20)

    /// Segments that share the upper half of their numbers.
    var perHigh: UInt64 { (1 << 32) / bytes }

    /// The number of the segment with these halves in its name.
    func number(high: UInt32, low: UInt32) -> UInt64 { UInt64(high) * perHigh + UInt64(low) }

    /// The number that the halves mean; `nil` where segments of this size have no such lower half.
    func number(checking high: UInt32, _ low: UInt32) -> UInt64? {
        UInt64(low) < perHigh ? number(high: high, low: low) : nil
    }

    /// The segment that the byte at `position` lies in; at the end of one it is the next, which is still empty.
    func number(at position: WALPosition) -> UInt64 { position.bytes / bytes }

    /// The segment that holds the last byte before `position`: macro `XLByteToPrevSeg`.
    func number(before position: WALPosition) -> UInt64 { position.bytes == 0 ? 0 : (position.bytes - 1) / bytes }

    /// Where segment `number` begins.
    func start(of number: UInt64) -> WALPosition {
        let (start, overflow) = number.multipliedReportingOverflow(by: bytes)
        return WALPosition(bytes: overflow ? .max : start)
    }
}
