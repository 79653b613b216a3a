import Backups

/// Writes one object in parts ("Uploading and copying objects using multipart upload", Amazon S3 User Guide): it
/// appears when the last of them is joined, and one that is abandoned leaves nothing. What fits into one part is put at
/// once.
///
/// Two parts at most are held in memory.
final class S3Upload: ObjectWriter {
    /// So many parts an object has at most, and 5 TiB ("Amazon S3 multipart upload limits").
    static let mostParts = 10_000

    /// Bytes of the part that comes after so many. Parts grow, or a large object could not be written, and no faster than they must, for
    /// they are held in memory: 16 MiB up to 16 GiB, 304 MiB behind 309 GiB, 1.5 GiB at the very end.
    static func partSize(after count: Int) -> Int {
        let steps = count / 1000
        return (16 + 18 * steps * steps) << 20
    }

    private let client: S3Client
    private let key: String
    private let cancellation: Cancellation
    private var part: [UInt8] = []
    private var upload: String?
    /// Tags of the parts, in their order.
    private var tags: [String] = []
    /// Bytes in them.
    private var size: UInt64 = 0
    /// By the store's clock.
    private var begun: Timestamp?
    private var isOver = false

    init(client: S3Client, key: String, cancellation: Cancellation) {
        (self.client, self.key, self.cancellation) = (client, key, cancellation)
    }

    deinit {
        abandon()
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        guard !isOver else { throw Obstacle(.internalError, "\(key) is written to after its end") }
        var rest = bytes
        while !rest.isEmpty {
            let room = partSize - part.count
            part.append(contentsOf: rest.prefix(room))
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(room))
            if part.count >= partSize { try explained { try sendPart() } }
        }
    }

    func finish() throws {
        guard !isOver else { return }
        try explained {
            if upload == nil {
                _ = try send(S3Client.Operation(method: "PUT", key: key, headers: Self.headers(of: part), body: part))
            } else {
                if !part.isEmpty { try sendPart() }
                try complete()
            }
        }
        (isOver, part) = (true, [])
    }

    func abandon() {
        guard !isOver else { return }
        (isOver, part) = (true, [])
        guard let upload else { return }
        // Also when the work was cancelled: the store would keep the parts for ever.
        let operation = S3Client.Operation(method: "DELETE", key: key, query: [("uploadId", upload)])
        // What can't be removed is removed by the bucket's own rule for abandoned uploads, or by hand: there is nobody
        // to tell.
        _ = try? client.send(operation, cancellation: Cancellation())
    }

    private static let binary = [(name: "Content-Type", value: "application/octet-stream")]

    /// A bucket with object lock takes nothing without a digest in MD5 ("Uploading objects with Object Lock", Amazon S3
    /// User Guide).
    private static func headers(of body: [UInt8]) -> [(name: String, value: String)] {
        binary + [MD5.header(of: body)].compactMap(\.self)
    }

    private var partSize: Int { Self.partSize(after: tags.count) }

    private func send(_ operation: S3Client.Operation) throws -> HTTPAnswer {
        try client.send(operation, cancellation: cancellation)
    }

    private func explained<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw client.refusal(key).obstacle(error)
        }
    }

    private func sendPart() throws {
        let identifier = try upload ?? begin()
        upload = identifier
        let query = [(name: "partNumber", value: "\(tags.count + 1)"), (name: "uploadId", value: identifier)]
        let answer = try send(
            S3Client.Operation(
                method: "PUT", key: key, query: query, headers: Self.headers(of: part), body: part))
        guard let tag = answer.head["etag"] else {
            throw HTTPFailure(.other, "the store took a part and gave it no tag")
        }
        tags.append(tag)
        size += UInt64(part.count)
        part.removeAll(keepingCapacity: true)
    }

    private func begin() throws -> String {
        let answer = try send(
            S3Client.Operation(method: "POST", key: key, query: [("uploads", "")], headers: Self.binary, body: []))
        begun = answer.head["date"].flatMap { HTTPDate.parse($0) }
        // In whatever element: rclone calls it otherwise than Amazon.
        let values = XMLReader.values(answer.body)
        guard let identifier = values.first(where: { $0.key.hasSuffix("/UploadId") })?.value, !identifier.isEmpty else {
            throw HTTPFailure(.other, "the store began an upload and gave it no identifier")
        }
        return identifier
    }

    /// Until the store says that it is done: the answer may be 200 and hold an error all the same, and a repeated request meets
    /// `NoSuchUpload` where only the answer to the one before was lost (CompleteMultipartUpload, Amazon S3 API Reference).
    private func complete() throws {
        let parts = tags.enumerated().map { number, tag in
            "<Part><PartNumber>\(number + 1)</PartNumber><ETag>\(Self.escaped(tag))</ETag></Part>"
        }
        let body = "<CompleteMultipartUpload>\(parts.joined())</CompleteMultipartUpload>"
        let operation = S3Client.Operation(
            method: "POST", key: key, query: [("uploadId", upload ?? "")],
            headers: [("Content-Type", "application/xml")], body: Array(body.utf8))
        var count = RetryCount(client.retry, cancellation)
        while true {
            do {
                let answer = try send(operation)
                guard let trouble = Self.trouble(in: answer) else { return }
                try count.next(after: trouble)
            } catch let error as S3Error where error.code == "NoSuchUpload" {
                guard try isStored() else { throw error }
                return
            }
        }
    }

    /// What an answer of success says against it; `nil` where it says that the parts were joined.
    private static func trouble(in answer: HTTPAnswer) -> (any Error)? {
        let error = S3Error(answer)
        guard error.code.isEmpty else { return error }
        guard XMLReader.values(answer.body).keys.contains(where: { $0.hasPrefix("CompleteMultipartUploadResult/") })
        else { return HTTPFailure(.cut, "the store does not say that it joined the parts") }
        return nil
    }

    private func isStored() throws -> Bool {
        let operation = S3Client.Operation(method: "HEAD", key: key)
        do {
            return UploadedParts(tags: tags, size: size, begun: begun).are(try send(operation).head)
        } catch let error as S3Error where error.status == 404 {
            return false
        }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }
}
