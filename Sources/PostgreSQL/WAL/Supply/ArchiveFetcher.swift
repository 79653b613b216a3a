import Backups
import Integrity
import Processes

/// Brings files of an archive into a cache, whole and unpacked, and never what can't be replayed.
struct ArchiveFetcher: Sendable {
    /// Bytes that are read at once. ISA-L wants them large.
    private static let piece = 1 << 20
    /// Of a history file or of notes of a base backup.
    private static let largestNote = 1 << 20

    let archive: any WALArchiveSource
    let owner: ProcessUser?
    /// What was stored within this time may still be written.
    let grace: Duration
    let now: @Sendable () -> Timestamp
    let cancellation: Cancellation

    /// Fetches the first of these copies of a segment that is as it should be.
    /// - Parameter expected: what it must say of itself.
    /// - Throws: ``ContentDamage`` when each is damaged, or is not what its name says; ``Obstacle`` when that can't be told
    ///   of one of them.
    func fetchSegment(
        _ copies: [WALArchiveListing.Listed], of name: WALSegmentName, by expected: ExpectedSegments, to path: String
    ) throws -> WALPageHeader {
        try first(of: copies) { copy in try fetchSegment(copy, of: name, by: expected, to: path) }
    }

    /// Fetches the first of these copies of a small file that can be read.
    /// - Parameter check: throws for what is not what it should be.
    func fetchNote(
        _ copies: [WALArchiveListing.Listed], to path: String, _ check: (String) throws -> Void
    ) throws {
        try first(of: copies) { copy in
            let text = try archive.text(copy.path, copy.packing, limit: Self.largestNote)
            try check(text)
            let output = try CacheFile(path, owner: owner)
            try Array(text.utf8).withUnsafeBytes { try output.write($0) }
            output.finish()
        }
    }

    /// What could not be looked at is not known to be damaged.
    private func first<Value>(
        of copies: [WALArchiveListing.Listed], _ fetch: (WALArchiveListing.Listed) throws -> Value
    ) throws -> Value {
        var (damage, obstacle): ((any Error)?, (any Error)?)
        for copy in copies {
            try cancellation.check()
            do {
                return try fetchTwice(copy, fetch)
            } catch let error as ContentDamage {
                damage = damage ?? error
            } catch {
                obstacle = obstacle ?? error
            }
        }
        if let failure = obstacle ?? damage { throw failure }
        throw Obstacle(.internalError, "no copy was named")
    }

    /// Damage is told only of what comes so twice, and which the store says it holds so.
    private func fetchTwice<Value>(
        _ copy: WALArchiveListing.Listed, _ fetch: (WALArchiveListing.Listed) throws -> Value
    ) throws -> Value {
        do {
            return try fetch(copy)
        } catch is ContentDamage where copy.size > 0 {
            try archive.confirm(copy.path, cancellation)
            return try fetch(copy)
        }
    }

    private func fetchSegment(
        _ copy: WALArchiveListing.Listed, of name: WALSegmentName, by expected: ExpectedSegments, to path: String
    ) throws -> WALPageHeader {
        do {
            guard copy.size > 0 else { throw failure(.empty, copy) }
            guard case .readable(let compression) = copy.packing else {
                throw Obstacle(
                    .unsupportedFormat, "\(copy.path) is packed in a way that is not read here",
                    hint: "Unpack the archive's segments to a directory, and name that one.")
            }
            return try unpack(try archive.open(copy.path), compression, copy, name, expected, to: path)
        } catch let damage as ContentDamage where damage.check != Self.check {
            throw failure(.damaged(damage.message), copy)
        }
    }

    private func unpack(
        _ stored: any StoredBytes, _ compression: Compression, _ copy: WALArchiveListing.Listed,
        _ name: WALSegmentName, _ expected: ExpectedSegments, to path: String
    ) throws -> WALPageHeader {
        let content = try CheckpointedContent(source: stored, compression: compression).open(at: 0)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.piece, alignment: 4096)
        defer { buffer.deallocate() }
        var filled = try fill(buffer, from: content)
        // Not every archiver names what it packs with.
        let packed = compression == .none ? Compression(signature: buffer.prefix(filled)) : .none
        if packed != .none { return try unpack(stored, packed, copy, name, expected, to: path) }
        let header = try header(in: UnsafeRawBufferPointer(rebasing: buffer[..<filled]), copy, name, expected)
        let size = header.segmentSize.bytes
        let output = try CacheFile(path, owner: owner)
        var length: UInt64 = 0
        while filled > 0 {
            length += UInt64(filled)
            guard length <= size else { throw failure(.wrongLength(length, of: size), copy) }
            try output.write(UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
            filled = filled < buffer.count ? 0 : try fill(buffer, from: content)
        }
        guard length == size else { throw failure(.wrongLength(length, of: size), copy) }
        output.finish()
        return header
    }

    private func header(
        in bytes: UnsafeRawBufferPointer, _ copy: WALArchiveListing.Listed, _ name: WALSegmentName,
        _ expected: ExpectedSegments
    ) throws -> WALPageHeader {
        if bytes.isEmpty { throw failure(.empty, copy) }
        guard bytes.count >= WALPageHeader.length else {
            let size = expected.identity?.size ?? .usual
            throw failure(.wrongLength(UInt64(bytes.count), of: size.bytes), copy)
        }
        guard let header = WALPageHeader(Array(bytes.prefix(WALPageHeader.length))) else {
            throw failure(SegmentFlaw(ofPage: bytes.prefix(WALPageHeader.length)), copy)
        }
        if let flaw = expected.flaw(of: header, name) { throw failure(flaw, copy) }
        return header
    }

    /// Reads until `buffer` is full, or to the end.
    private func fill(_ buffer: UnsafeMutableRawBufferPointer, from content: any ByteReader) throws -> Int {
        var filled = 0
        while filled < buffer.count {
            try cancellation.check()
            let count = try content.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
            if count == 0 { break }
            filled += count
        }
        return filled
    }

    /// The name of the check.
    private static let check = "wal"

    private func failure(_ flaw: SegmentFlaw, _ copy: WALArchiveListing.Listed) -> any Error {
        let late = LateSpan(now: now(), grace: grace)
        if flaw.maySettle, late.contains(UInt32(clamping: copy.modified.seconds)) {
            return Obstacle(
                .changedWhileReading, "\(copy.path) \(flaw.text): it is still being written, it seems",
                hint: "Try again in a while.")
        }
        return ContentDamage(Self.check, flaw.reason, "\(copy.path) \(flaw.text)")
    }
}
