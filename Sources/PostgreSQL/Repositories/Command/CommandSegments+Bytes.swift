import Backups
import Integrity
import Processes

extension CommandSegments {
    /// The largest segment that is looked at.
    private static let largestSegment = 1 << 30

    /// Fetched whole by `restore_command`, as the server would get it.
    func open(_ path: String) throws -> any StoredBytes {
        let directory = try HandoverDirectory()
        defer { withExtendedLifetime(directory) {} }
        let file = "\(directory.path)/\(path)"
        guard try archive.fetch(path, to: file, cancellation) else {
            throw Obstacle(.vanished, "\(path) was listed, and is not there any more")
        }
        let bytes = try FileBytes(file).makeReader(at: 0).bytes(Self.largestSegment)
        var damage: ContentDamage?
        if case .segment? = WALFileName(path), let header = WALPageHeader(Array(bytes.prefix(WALPageHeader.length))),
            header.segmentSize.bytes != UInt64(bytes.count)
        {
            damage = ContentDamage(
                "wal", .truncated, "it has \(bytes.count) bytes, and says that it has \(header.segmentSize.bytes)")
        }
        return FetchedBytes(name: path, bytes: bytes, damage: damage)
    }

    /// Of the first segment that says it.
    func wholeSize(_ entries: [WALArchiveEntry]) throws -> UInt64 {
        let segments = entries.lazy.reversed().filter {
            if case .segment? = WALFileName($0.path) { true } else { false }
        }
        for entry in segments.prefix(3) {
            // One that is not there yet, or any more, or is damaged: who looks at it finds out, and tells.
            guard let bytes = try? open(entry.path), (bytes as? FetchedBytes)?.damage == nil else {
                try cancellation.check()
                continue
            }
            if let header = WALPageHeader(try bytes.makeReader(at: 0).bytes(WALPageHeader.length)) {
                return header.segmentSize.bytes
            }
        }
        return WALSegmentSize.usual.bytes
    }
}
