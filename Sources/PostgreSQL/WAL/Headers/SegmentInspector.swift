import Backups
import Integrity

/// Looks at single segments of an archive: their first page, and whether they are whole.
struct SegmentInspector: Sendable {
    /// What one segment says of itself.
    enum Finding: Equatable {
        case header(WALPageHeader)
        case flaw(SegmentFlaw)
    }

    let source: any WALArchiveSource
    /// What the archive's segments hold, for one that is too short to say it itself.
    var size = WALSegmentSize.usual

    /// - Parameters:
    ///   - stored: bytes of the file.
    ///   - isWhole: also unpack it to its end.
    /// - Throws: ``Obstacle`` when it can't be looked at: it vanished, may not be read, or is packed by something else.
    func inspect(
        _ path: String, _ packing: ArchivedFileName.Packing, stored: UInt64, isWhole: Bool = false
    ) throws -> Finding {
        guard stored > 0 else { return .flaw(.empty) }
        guard case .readable(let compression) = packing else {
            throw Obstacle(
                .unsupportedFormat, "\(path) is packed in a way that is not read here",
                hint: "Its name counts, its content is not looked at.")
        }
        do {
            let bytes = try source.open(path)
            return try inspect(bytes, compression, stored: stored, isWhole: isWhole)
        } catch let damage as ContentDamage {
            return .flaw(.damaged(damage.message))
        }
    }

    private func inspect(
        _ bytes: any StoredBytes, _ compression: Compression, stored: UInt64, isWhole: Bool
    ) throws -> Finding {
        let head = try CheckpointedContent(source: bytes, compression: compression).open(at: 0)
            .bytes(WALPageHeader.length)
        // Not every archiver names what it packs with.
        let packed = compression == .none ? Compression(signature: head) : .none
        if packed != .none { return try inspect(bytes, packed, stored: stored, isWhole: isWhole) }
        if head.isEmpty { return .flaw(.empty) }
        if head.count < WALPageHeader.length { return .flaw(.wrongLength(UInt64(head.count), of: size.bytes)) }
        guard let header = WALPageHeader(head) else { return .flaw(SegmentFlaw(ofPage: head)) }
        let length = header.segmentSize.bytes
        let found = try self.length(of: bytes, compression, stored, expected: length, isWhole: isWhole)
        if let found, found != length { return .flaw(.wrongLength(found, of: length)) }
        return .header(header)
    }

    /// Bytes of content, where they can be known cheaply, or must be; `nil` where not.
    private func length(
        of bytes: any StoredBytes, _ compression: Compression, _ stored: UInt64, expected: UInt64, isWhole: Bool
    ) throws -> UInt64? {
        if compression == .none { return stored }
        // RFC 1952, 2.3.1: the last four bytes of a gzip member are its length. Where they are not what they should be, the
        // file is cut, or made of several members: only unpacking tells.
        if !isWhole {
            guard compression == .gzip, stored > 18 else { return nil }
            let tail = try bytes.makeReader(at: stored - 4).bytes(4)
            if tail.reversed().reduce(0, { $0 << 8 | UInt64($1) }) == expected { return nil }
        }
        let reader = try CheckpointedContent(source: bytes, compression: compression).open(at: 0)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 4096)
        defer { buffer.deallocate() }
        var length: UInt64 = 0
        while length <= expected {
            let count = try reader.read(into: buffer)
            if count == 0 { break }
            length += UInt64(count)
        }
        return length
    }
}
