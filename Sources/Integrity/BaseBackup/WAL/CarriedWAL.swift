import Backups

/// Holds the write-ahead log that a base backup carries in `pg_wal` against what its manifest says it needs to become
/// consistent: every segment is there, and every record in it is whole.
///
/// The manifest has no checksums of these files: they are written while the backup runs. One thread at a time.
final class CarriedWAL {
    /// Most bytes that are kept of segments which a tar has in another order.
    private static let mostHeld: UInt64 = 256 << 20
    /// So many missing segments are told by name.
    private static let toldMissing = 20

    private struct Stretch {
        let range: BaseBackupManifest.WALRange
        var walk: WALRecordWalk
        let numbers: ClosedRange<UInt64>
        /// The one whose bytes are read next.
        var next: UInt64
        var met: Set<UInt64> = []
        var held: [UInt64: [UInt8]] = [:]
    }

    private enum Target {
        case walk(stretch: Int)
        case hold(stretch: Int, number: UInt64)
    }

    private let ranges: [BaseBackupManifest.WALRange]
    private var stretches: [Stretch] = []
    /// `nil` until the first segment was seen.
    private var segmentSize: UInt64?
    private var targets: [Target] = []
    private var heldBytes: UInt64 = 0
    private var flaw: Check?
    private var wasTooMuch = false

    init(_ ranges: [BaseBackupManifest.WALRange]) {
        self.ranges = ranges
    }

    /// Begins a file.
    /// - Returns: whether its bytes are wanted, by ``update(_:)`` and then ``end()``.
    func begin(_ path: DataPath, size: UInt64) -> Bool {
        targets = []
        guard !ranges.isEmpty, WALSegmentFile.isOne(path) else { return false }
        guard let segment = WALSegmentFile(path, size: size), segmentSize == nil || segmentSize == size else {
            fail(.truncated, "\(path) has \(size) bytes, as no segment of the write-ahead log has")
            return false
        }
        if segmentSize == nil { divide(size) }
        for index in stretches.indices
        where stretches[index].range.timeline == segment.timeline && stretches[index].numbers.contains(segment.number)
            && stretches[index].met.insert(segment.number).inserted
        {
            if segment.number == stretches[index].next {
                targets.append(.walk(stretch: index))
            } else if heldBytes + size <= Self.mostHeld {
                heldBytes += size
                stretches[index].held[segment.number] = []
                targets.append(.hold(stretch: index, number: segment.number))
            } else {
                wasTooMuch = true
            }
        }
        return !targets.isEmpty
    }

    /// Now that the size of segments is known.
    private func divide(_ size: UInt64) {
        segmentSize = size
        stretches = ranges.map { range in
            let numbers = range.start / size...max(range.start, range.end &- 1) / size
            return Stretch(
                range: range,
                walk: WALRecordWalk(
                    from: range.start, to: range.end, timeline: range.timeline, segmentSize: size),
                numbers: numbers, next: numbers.lowerBound)
        }
    }

    func update(_ bytes: UnsafeRawBufferPointer) throws {
        for target in targets {
            switch target {
            case .walk(let index): try walk(index, bytes)
            case .hold(let index, let number): stretches[index].held[number]?.append(contentsOf: bytes)
            }
        }
    }

    /// Ends the file: what was kept of those after it is read now.
    func end() throws {
        for case .walk(let index) in targets {
            stretches[index].next += 1
            while let bytes = stretches[index].held.removeValue(forKey: stretches[index].next) {
                try bytes.withUnsafeBytes { try walk(index, $0) }
                heldBytes -= UInt64(bytes.count)
                stretches[index].next += 1
            }
        }
        targets = []
    }

    private func walk(_ index: Int, _ bytes: UnsafeRawBufferPointer) throws {
        guard flaw == nil else { return }
        do {
            try stretches[index].walk.take(bytes)
        } catch let found as WALRecordWalk.Flaw {
            fail(.corrupt, "the write-ahead log is damaged at \(Self.text(found.position)): \(found.message)")
        }
    }

    private func fail(_ reason: Reason, _ message: String) {
        if flaw == nil { flaw = .failed(Self.name, in: .integrity, reason, message, hint: Self.hint) }
    }

    private static let name = "wal"
    private static let hint =
        "a whole archive of the write-ahead log may still help; else recover from another base backup"

    /// What came of it, when all files were read; `nil` where nothing says what is needed.
    func check() -> Check? {
        guard let first = ranges.first, let last = ranges.last else { return nil }
        if let flaw { return flaw }
        guard let segmentSize else {
            return .inconclusive(
                Self.name, in: .integrity, .noWAL,
                "the backup carries no write-ahead log, and needs that from \(Self.text(first.start)) to "
                    + "\(Self.text(last.end)) to become consistent",
                hint: "it restores only together with an archive of the write-ahead log; pg_basebackup "
                    + "--wal-method=stream makes one that restores by itself")
        }
        let (missing, count) = missing(segmentSize)
        if let one = missing.first {
            return .failed(
                Self.name, in: .integrity, .missingFile,
                "\(one) is missing from the backup, which can't become consistent without it"
                    + (count > 1 ? " (and \(Quantity.count(count - 1, "other segment")))" : ""),
                hint: Self.hint, details: missing)
        }
        guard stretches.allSatisfy({ $0.walk.isDone || isContinued($0) }) else {
            if wasTooMuch {
                return .inconclusive(
                    Self.name, in: .integrity, .unsupportedFormat,
                    "the segments of the write-ahead log lie in no order, and are too many to be put into it",
                    hint: "pack the backup again with its files sorted by name: tar --sort=name")
            }
            return .failed(
                Self.name, in: .integrity, .truncated,
                "the write-ahead log ends before \(Self.text(last.end)), where the backup becomes consistent",
                hint: Self.hint)
        }
        let records = stretches.reduce(0) { $0 + $1.walk.records }
        return .verified(
            Self.name, in: .integrity,
            "the write-ahead log from \(Self.text(first.start)) to \(Self.text(last.end)) is there: "
                + "\(Quantity.count(records, "record")), and the CRC-32C of each holds")
    }

    /// The names of the first segments that are not there, and how many these are.
    ///
    /// As many as a manifest says may be missing: they are reckoned, and not looked through.
    private func missing(_ size: UInt64) -> (names: [String], count: UInt64) {
        var (names, count): ([String], UInt64) = ([], 0)
        for stretch in stretches {
            let isShort = isContinued(stretch) && !stretch.met.contains(stretch.numbers.upperBound)
            let due = stretch.numbers.upperBound - stretch.numbers.lowerBound + (isShort ? 0 : 1)
            let absent = due - UInt64(stretch.met.count)
            count += absent
            let wanted = min(UInt64(Self.toldMissing - names.count), absent)
            names += stretch.numbers.lazy.filter { !stretch.met.contains($0) }.prefix(Int(wanted))
                .map { WALSegmentFile(timeline: stretch.range.timeline, number: $0).name(segmentSize: size) }
        }
        return (names, count)
    }

    /// The segment in which a timeline ended is copied onto the next one, and only that copy need be there.
    private func isContinued(_ stretch: Stretch) -> Bool {
        stretches.contains {
            $0.range.timeline > stretch.range.timeline && $0.met.contains(stretch.numbers.upperBound)
        }
    }

    /// As `pg_lsn` prints it.
    private static func text(_ position: UInt64) -> String {
        "\(String(position >> 32, radix: 16, uppercase: true))/\(String(position & 0xFFFF_FFFF, radix: 16, uppercase: true))"
    }
}
