import Backups

/// Reads an ``S3Object`` from some offset to its end: over one connection, as it comes; over several, range by range,
/// when whoever reads waits for that one (``ReadingWidth``).
final class S3Reader: ByteReader {
    private let object: S3Object
    private var offset: UInt64
    private var width: ReadingWidth
    private var stream: S3Range?
    /// What follows the stream.
    private var ahead: S3ReadAhead?
    /// When the last read was over.
    private var since: ContinuousClock.Instant?
    /// `nil` once it was compared, and for a reader that does not see all bytes.
    private var digest: ArrivingDigest?

    init(_ object: S3Object, at offset: UInt64) {
        self.object = object
        self.offset = offset
        width = ReadingWidth(object.client.readAhead)
        digest = offset == 0 ? object.digest.map { ArrivingDigest($0) } : nil
        if width.connections > 1 { ahead = S3ReadAhead(object, from: offset, connections: width.connections) }
    }

    /// - Throws: ``Obstacle``: `vanished` for another version, `transfer-damaged` when the bytes are not those that the
    ///   store says it holds.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard offset < object.facts.size else {
            try finish()
            return 0
        }
        guard !buffer.isEmpty else { return 0 }
        let (count, waited) = try next(into: buffer)
        offset += UInt64(count)
        digest?.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        let now = ContinuousClock.now
        // The wait for the first bytes says how far the store is, and not how fast.
        if let since { adapt(count, waited, now - since) }
        since = now
        return count
    }

    private func next(into buffer: UnsafeMutableRawBufferPointer) throws -> (count: Int, waited: Duration) {
        if let stream, stream.offset == stream.end {
            stream.finish()
            self.stream = nil
        }
        if stream == nil, let ahead {
            let read = try ahead.read(into: buffer)
            if read.count > 0 { return read }
            // One is enough again.
            self.ahead = nil
        }
        let stream = stream ?? S3Range(object, offset..<object.facts.size, cancellation: object.cancellation)
        self.stream = stream
        let before = stream.waited
        let count = try stream.read(into: buffer)
        width.note(latency: stream.latency)
        return (count, stream.waited - before)
    }

    private func adapt(_ count: Int, _ waited: Duration, _ elapsed: Duration) {
        // A version that can't be told from another is read over one connection, and so is a store without parts.
        guard object.facts.tag != nil, stream?.givesParts ?? true else { return }
        let before = width.connections
        width.note(bytes: count, waited: waited, elapsed: elapsed)
        guard width.connections != before else { return }
        if let ahead {
            ahead.connections = width.connections > 1 ? width.connections : 0
            return
        }
        guard let stream, width.connections > 1 else { return }
        // The stream goes on while the first of them connect.
        stream.shorten(to: offset + object.client.readAhead.rangeSize)
        ahead = S3ReadAhead(object, from: stream.end, connections: width.connections)
    }

    private func finish() throws {
        stream?.finish()
        (stream, ahead) = (nil, nil)
        guard let digest else { return }
        self.digest = nil
        guard digest.isExpected() else {
            throw Obstacle(
                .transferDamaged, "the bytes of \(object.name) that arrived are not those that the store says it holds",
                hint: "Try again, over https. When it stays so, the store itself has damaged the object.")
        }
    }
}
