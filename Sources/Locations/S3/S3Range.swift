import Backups

/// Reads some bytes of an ``S3Object`` over one connection. Where that breaks, it goes on at the byte where it broke.
final class S3Range {
    /// So much must come between two failures for the second to count as a first: a line that breaks after every few
    /// bytes would otherwise be tried for ever.
    private static let enough: UInt64 = 1 << 20

    private let object: S3Object
    private let cancellation: Cancellation
    private(set) var offset: UInt64
    private(set) var end: UInt64
    /// How long it waited for bytes, once the first were there.
    private(set) var waited = Duration.zero
    /// How long the store took to begin its last answer.
    private(set) var latency = Duration.zero
    /// The store says that it gives parts of objects.
    private(set) var givesParts = false
    private var isShortened = false
    private var transfer: CurlTransfer?
    private var retries: RetryCount
    private var sinceFailure: UInt64 = 0

    /// - Parameter bytes: within the object.
    init(_ object: S3Object, _ bytes: Range<UInt64>, cancellation: Cancellation) {
        self.object = object
        self.cancellation = cancellation
        (offset, end) = (bytes.lowerBound, bytes.upperBound)
        retries = RetryCount(object.client.retry, cancellation)
    }

    /// Others read what follows.
    func shorten(to newEnd: UInt64) {
        guard newEnd < end else { return }
        (end, isShortened) = (max(offset, newEnd), true)
    }

    /// - Returns: 0 at the end only.
    /// - Throws: ``Obstacle``: `vanished` for another version of the object.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(min(UInt64(buffer.count), end - offset))])
        guard !room.isEmpty else { return 0 }
        while true {
            do {
                let open = try transfer ?? connect()
                transfer = open
                let before = open.waited
                let count = try open.read(into: room)
                waited += open.waited - before
                guard count > 0 else {
                    throw HTTPFailure(.cut, "the answer ended at byte \(offset) of \(object.facts.size)")
                }
                note(count)
                return count
            } catch {
                transfer = nil
                try recover(from: error)
            }
        }
    }

    /// Leaves the connection to the next request, when the answer is over.
    func finish() {
        if !isShortened { transfer?.settle() }
        transfer = nil
    }

    private func note(_ count: Int) {
        offset += UInt64(count)
        sinceFailure += UInt64(count)
        if sinceFailure >= Self.enough { retries.reset() }
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
        let isPart = offset > 0 || end < object.facts.size
        var operation = S3Client.Operation(key: object.key)
        if let tag = object.facts.tag { operation.headers.append(("If-Match", tag)) }
        if isPart {
            let last = end < object.facts.size ? "\(end - 1)" : ""
            operation.headers.append(("Range", "bytes=\(offset)-\(last)"))
        }
        let transfer = try object.client.begin(operation, cancellation: cancellation)
        let head = transfer.head
        // Some stores don't know If-Match.
        if let tag = object.facts.tag, let now = head["etag"], now != tag {
            throw Obstacle(
                .vanished, "\(object.name) was replaced while it was read",
                hint: "Verify the new one when whatever writes it is done.")
        }
        if isPart { try checkRange(head) }
        let expected = end - offset
        if let length = head["content-length"].flatMap({ UInt64($0) }), length != expected {
            throw HTTPFailure(.cut, "the answer has \(length) bytes where \(expected) are due")
        }
        givesParts = isPart || head["accept-ranges"]?.lowercased() == "bytes"
        latency = transfer.latency
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
}
