import Backups

/// Walks through the records of a stretch of the write-ahead log, and holds each against its own CRC-32C, its length and the
/// place of the one before it: what recovery and `pg_waldump` do, without a server of that version.
///
/// Sources: src/include/access/xlogrecord.h; `XLogReaderValidatePageHeader`, `ValidXLogRecordHeader` and
/// `ValidXLogRecord` of src/backend/access/transam/xlogreader.c. The head of a record has been the same since 9.5.
struct WALRecordWalk {
    /// Where the log is not what a server writes.
    struct Flaw: Error {
        let position: UInt64
        let message: String
    }

    private struct Record {
        let start: UInt64
        let length: UInt32
        var taken: UInt32 = 0
        var head: [UInt8] = []
        /// Of what follows the head; the head itself comes last.
        var crc = CRC32C()

        var missing: Int { Int(length - taken) }
    }

    private static let headLength = 24
    /// `XLogRecordMaxSize` (since 16; before, only memory ended it), rounded up.
    private static let longest: UInt32 = 1 << 30

    private let end: UInt64
    private let segmentSize: UInt64
    /// Of the pages: the same on all, and never back to an older timeline.
    private var magic: UInt16?
    private var timelines: ClosedRange<UInt32>
    /// Where the next record begins: nothing before it is looked at.
    private var next: UInt64
    private var record: Record?
    /// Where the record before began; `nil` when that is not known.
    private var previous: UInt64?
    /// Where the page begins that is being put together, and what is there of it.
    private var address: UInt64
    private var page: [UInt8] = []

    /// Whether the end was reached.
    var isDone: Bool { record == nil && next >= end }
    /// Records that hold.
    private(set) var records: UInt64 = 0

    /// - Parameters:
    ///   - start: where the first record begins; `end` is where the last one ends.
    ///   - timeline: of the segments; pages of those that it comes from may be among theirs.
    ///   - segmentSize: bytes. The first bytes are those of the segment that `start` lies in.
    init(from start: UInt64, to end: UInt64, timeline: UInt32, segmentSize: UInt64) {
        timelines = 1...max(1, timeline)
        next = start
        self.end = end
        self.segmentSize = segmentSize
        address = start / segmentSize * segmentSize
        page.reserveCapacity(WALPage.size)
    }

    /// Takes the next bytes of the segments, in their order.
    /// - Throws: ``Flaw``; nothing is to be given it then.
    mutating func take(_ bytes: UnsafeRawBufferPointer) throws {
        var left = bytes
        while !left.isEmpty, !isDone {
            if page.isEmpty, left.count >= WALPage.size {
                try read(UnsafeRawBufferPointer(rebasing: left[..<WALPage.size]))
                left = UnsafeRawBufferPointer(rebasing: left[WALPage.size...])
                continue
            }
            let count = min(left.count, WALPage.size - page.count)
            page += left[..<count]
            left = UnsafeRawBufferPointer(rebasing: left[count...])
            guard page.count == WALPage.size else { return }
            let whole = page
            page.removeAll(keepingCapacity: true)
            try whole.withUnsafeBytes { try read($0) }
        }
    }

    private mutating func read(_ bytes: UnsafeRawBufferPointer) throws {
        let (behind, isBeyond) = address.addingReportingOverflow(UInt64(WALPage.size))
        guard !isBeyond else { throw Flaw(position: address, message: "there is no log behind the last position") }
        defer { address = behind }
        // Before the start, or behind a switch to the next segment.
        if record == nil, behind <= next { return }
        let page = try readHead(bytes)
        var offset = page.headLength
        if record != nil {
            offset = try goOn(page, bytes)
        } else if next > address {
            offset = max(offset, Int(next - address))
        }
        while !isDone, record == nil, try begin(&offset, bytes) {}
    }

    private mutating func readHead(_ bytes: UnsafeRawBufferPointer) throws -> WALPage {
        guard let page = WALPage(bytes), page.address == address, magic == nil || page.magic == magic,
            timelines.contains(page.timeline)
        else { throw Flaw(position: address, message: "there is no page of this write-ahead log") }
        if let sizes = page.sizes {
            guard sizes.page == UInt32(WALPage.size) else {
                throw Obstacle(
                    .unsupportedFormat, "the write-ahead log has pages of \(sizes.page) bytes, which are not read here")
            }
            guard UInt64(sizes.segment) == segmentSize else {
                throw Flaw(position: address, message: "a segment says that it has \(sizes.segment) bytes")
            }
        }
        magic = page.magic
        timelines = page.timeline...timelines.upperBound
        return page
    }

    /// The rest of a record that began on a page before.
    private mutating func goOn(_ page: WALPage, _ bytes: UnsafeRawBufferPointer) throws -> Int {
        if page.replacesRecord {
            record = nil
            previous = nil
            return page.headLength
        }
        guard page.continuesRecord, let missing = record?.missing, page.remaining == UInt32(missing) else {
            throw Flaw(position: address, message: "a record is not continued where it must be")
        }
        return try take(min(missing, bytes.count - page.headLength), at: page.headLength, of: bytes)
    }

    /// Begins the record at `offset`, or at the next place where one can begin.
    /// - Returns: `false` when it is not on this page.
    private mutating func begin(_ offset: inout Int, _ bytes: UnsafeRawBufferPointer) throws -> Bool {
        // MAXALIGN.
        offset = (offset + 7) / 8 * 8
        // What was switched away from ends here.
        next = max(next, address + UInt64(offset))
        guard next < end, next < address + UInt64(bytes.count) else { return false }
        let length = bytes.number(at: offset, UInt32.self)
        guard length >= UInt32(Self.headLength), length <= Self.longest else {
            throw Flaw(position: next, message: length == 0 ? "the log ends" : "a record has a length of \(length)")
        }
        record = Record(start: next, length: length)
        offset = try take(min(Int(length), bytes.count - offset), at: offset, of: bytes)
        return true
    }

    /// - Returns: the offset behind what was taken.
    private mutating func take(_ count: Int, at offset: Int, of bytes: UnsafeRawBufferPointer) throws -> Int {
        guard var open = record else { return offset }
        // It is put back, or gone: no copy of its head is made.
        record = nil
        let piece = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
        let ofHead = min(count, Self.headLength - open.head.count)
        open.head += piece[..<ofHead]
        open.crc.update(UnsafeRawBufferPointer(rebasing: piece[ofHead...]))
        open.taken += UInt32(count)
        if open.missing > 0 {
            record = open
        } else {
            try finish(open, at: address + UInt64(offset + count))
        }
        return offset + count
    }

    private mutating func finish(_ record: Record, at end: UInt64) throws {
        var crc = record.crc
        // Up to the CRC itself: its length, transaction, predecessor, info and resource manager.
        let (stated, before, info, manager) = record.head.withUnsafeBytes { head in
            crc.update(UnsafeRawBufferPointer(rebasing: head[..<20]))
            return (head.number(at: 20, UInt32.self), head.number(at: 8, UInt64.self), head[16], head[17])
        }
        guard crc.value == stated else {
            throw Flaw(position: record.start, message: "a record does not have its CRC-32C: it was altered")
        }
        if let previous, before != previous {
            throw Flaw(position: record.start, message: "a record does not follow the one before it")
        }
        previous = record.start
        records += 1
        // XLOG_SWITCH of the resource manager XLOG: the rest of the segment is empty.
        let isSwitch = manager == 0 && info & 0xF0 == 0x40
        let intoSegment = end % segmentSize
        guard isSwitch, intoSegment > 0 else { return next = end }
        let (switched, isBeyond) = end.addingReportingOverflow(segmentSize - intoSegment)
        guard !isBeyond else { throw Flaw(position: end, message: "there is no log behind the last position") }
        next = switched
    }
}
