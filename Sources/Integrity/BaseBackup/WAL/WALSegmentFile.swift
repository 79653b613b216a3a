/// The name of a segment of the write-ahead log among the files of a backup.
struct WALSegmentFile: Hashable {
    let timeline: UInt32
    /// Counted from the beginning of the log.
    let number: UInt64

    init(timeline: UInt32, number: UInt64) {
        self.timeline = timeline
        self.number = number
    }

    /// Whether it is one by its name: 24 hexadecimal digits, directly in `pg_wal`.
    static func isOne(_ path: DataPath) -> Bool {
        path.parent == .wal && path.bytes.count == DataPath.wal.bytes.count + 25
            && path.bytes.suffix(24).allSatisfy { (0x30...0x39).contains($0) || (0x41...0x46).contains($0) }
    }

    /// - Parameter size: of segments, in bytes.
    /// - Returns: `nil` for another name, and a size that no segment has.
    init?(_ path: DataPath, size: UInt64) {
        let digits = String(decoding: path.bytes.suffix(24), as: UTF8.self)
        guard Self.isOne(path), (1 << 20...1 << 30).contains(size), size.nonzeroBitCount == 1,
            let timeline = UInt32(digits.prefix(8), radix: 16),
            let high = UInt64(digits.dropFirst(8).prefix(8), radix: 16), let low = UInt64(digits.suffix(8), radix: 16)
        else { return nil }
        self.init(timeline: timeline, number: high * ((1 << 32) / size) + low)
    }

    /// `000000010000000000000002` (`XLogFileName` of src/include/access/xlog_internal.h).
    func name(segmentSize: UInt64) -> String {
        let each = (1 << 32) / segmentSize
        return [UInt64(timeline), number / each, number % each].map {
            let digits = String($0, radix: 16, uppercase: true)
            return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
        }.joined()
    }
}
