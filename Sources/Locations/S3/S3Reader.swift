import Backups

/// Reads an ``S3Object`` from some offset to its end over one connection. Where that breaks, it goes on at the byte
/// where it broke.
final class S3Reader: ByteReader {
    /// So much must come between two failures for the second to count as a first: a line that breaks after every few
    /// bytes would otherwise be tried for ever.
    private static let enough: UInt64 = 1 << 20

    private let object: S3Object
    private var offset: UInt64
    private var transfer: CurlTransfer?
    private var retries: RetryCount
    private var sinceFailure: UInt64 = 0
    /// `nil` once it was compared, and for a reader that does not see all bytes.
    private var digest: MD5?

    init(_ object: S3Object, at offset: UInt64) {
        self.object = object
        self.offset = offset
        retries = RetryCount(object.client.retry, object.cancellation)
        digest = offset == 0 && object.md5 != nil ? MD5() : nil
    }

    /// - Throws: ``Obstacle``: `vanished` for another version, `transfer-damaged` when the bytes are not those that the
    ///   store says it holds.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let left = object.facts.size - min(offset, object.facts.size)
        guard left > 0 else {
            try finish()
            return 0
        }
        let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(min(UInt64(buffer.count), left))])
        guard !room.isEmpty else { return 0 }
        while true {
            do {
                let open = try transfer ?? connect()
                transfer = open
                let count = try open.read(into: room)
                guard count > 0 else {
                    throw HTTPFailure(.cut, "the answer ended at byte \(offset) of \(object.facts.size)")
                }
                note(UnsafeRawBufferPointer(rebasing: room[..<count]))
                return count
            } catch {
                transfer = nil
                try recover(from: error)
            }
        }
    }

    private func note(_ bytes: UnsafeRawBufferPointer) {
        offset += UInt64(bytes.count)
        sinceFailure += UInt64(bytes.count)
        if sinceFailure >= Self.enough { retries.reset() }
        digest?.update(bytes)
    }

    private func recover(from error: any Error) throws {
        sinceFailure = 0
        let isTransient =
            (error as? HTTPFailure)?.isTransient ?? (error as? S3Error)?.isTransient ?? false
        let refusal = object.client.refusal(object.key)
        // Removed in the middle: it was there when it was opened.
        if let missing = error as? S3Error, missing.isMissingKey {
            throw Obstacle(
                .vanished, "\(refusal.subject) was removed while it was read", hint: "Is it thinned out too early?")
        }
        guard isTransient else { throw refusal.obstacle(error) }
        do {
            try retries.next(after: error)
        } catch {
            throw refusal.obstacle(error)
        }
    }

    /// From ``offset`` on, if it is still the same version.
    private func connect() throws -> CurlTransfer {
        var operation = S3Client.Operation(key: object.key)
        if let tag = object.facts.tag { operation.headers.append(("If-Match", tag)) }
        if offset > 0 { operation.headers.append(("Range", "bytes=\(offset)-")) }
        let transfer = try object.client.begin(operation, cancellation: object.cancellation)
        let head = transfer.head
        // Some stores don't know If-Match.
        if let tag = object.facts.tag, let now = head["etag"], now != tag {
            throw Obstacle(
                .vanished, "\(object.name) was replaced while it was read",
                hint: "Verify the new one when whatever writes it is done.")
        }
        if offset > 0 { try checkRange(head) }
        let expected = object.facts.size - offset
        if let length = head["content-length"].flatMap({ UInt64($0) }), length != expected {
            throw HTTPFailure(.cut, "the answer has \(length) bytes where \(expected) are due")
        }
        return transfer
    }

    /// By Content-Range (RFC 9110, 14.4) and not by the status: rclone answers 200 with a part.
    private func checkRange(_ head: HTTPHead) throws {
        guard let range = head["content-range"] else {
            throw Obstacle(
                .unreadable, "\(object.name) can't be read from the middle: the store passes over ranges",
                hint: "Copy it to a disk, and verify the copy.")
        }
        guard range.hasPrefix("bytes \(offset)-"), range.hasSuffix("/\(object.facts.size)") || range.hasSuffix("/*")
        else {
            throw HTTPFailure(.cut, "bytes from \(offset) of \(object.facts.size) were asked for, and \(range) came")
        }
    }

    private func finish() throws {
        transfer?.settle()
        transfer = nil
        guard let expected = object.md5, let digest else { return }
        self.digest = nil
        guard digest.finish() == expected else {
            throw Obstacle(
                .transferDamaged, "the bytes of \(object.name) that arrived are not those that the store says it holds",
                hint: "Try again, over https. When it stays so, the store itself has damaged the object.")
        }
    }
}
