import Backups

/// The head of one page of the write-ahead log: `XLogPageHeaderData` and `XLogLongPageHeaderData` of
/// src/include/access/xlog_internal.h, in the byte order of the machines that PostgreSQL runs on today.
struct WALPage {
    /// `XLOG_BLCKSZ`, unless the server was built with another.
    static let size = 8192
    private static let shortLength = 24
    private static let longLength = 40
    /// `XLP_ALL_FLAGS`.
    private static let allFlags: UInt16 = 0x000F

    /// `XLOG_PAGE_MAGIC`: another one for each major version.
    let magic: UInt16
    /// Bytes from its beginning that are no records.
    let headLength: Int
    let timeline: UInt32
    /// Where it lies in the log.
    let address: UInt64
    /// Bytes at its front that belong to a record of the page before; 0 for none.
    let remaining: UInt32
    let continuesRecord: Bool
    /// The record of the page before was never finished: its server ended first.
    let replacesRecord: Bool
    /// Of a segment's first page, which alone says them.
    let sizes: (segment: UInt32, page: UInt32)?

    /// - Parameter bytes: ``size`` of them.
    /// - Returns: `nil` for what no server wrote.
    init?(_ bytes: UnsafeRawBufferPointer) {
        // 0xD0…, 0xD1…: what it has been for 20 years, so that the next version is none of a stranger's.
        guard bytes.count >= Self.longLength, bytes.number(at: 0, UInt16.self) >> 9 == 0xD0 >> 1 else { return nil }
        magic = bytes.number(at: 0, UInt16.self)
        let flags = bytes.number(at: 2, UInt16.self)
        guard flags & ~Self.allFlags == 0 else { return nil }
        continuesRecord = flags & 0x0001 != 0
        let isLong = flags & 0x0002 != 0
        replacesRecord = flags & 0x0008 != 0
        headLength = isLong ? Self.longLength : Self.shortLength
        timeline = bytes.number(at: 4, UInt32.self)
        address = bytes.number(at: 8, UInt64.self)
        remaining = bytes.number(at: 16, UInt32.self)
        sizes = isLong ? (bytes.number(at: 32, UInt32.self), bytes.number(at: 36, UInt32.self)) : nil
    }
}

extension UnsafeRawBufferPointer {
    /// A number whose lowest byte comes first; the caller sees to it that it lies within.
    func number<Value: FixedWidthInteger & BitwiseCopyable>(at offset: Int, _ type: Value.Type) -> Value {
        Value(littleEndian: loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
}
