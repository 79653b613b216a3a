package import Backups

/// A bucket of S3 or of anything that speaks its language, or what lies in it under a prefix.
package struct S3Location: Location {
    let client: S3Client
    /// Empty, or ends with a slash.
    let prefix: String

    package let address: String
    /// By `start-after` ("ListObjectsV2", Amazon S3 API Reference).
    package let resumesListings = true

    /// - Parameter prefix: with or without a slash at its end.
    init(client: S3Client, prefix: String) {
        self.client = client
        var trimmed = prefix[...]
        while trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
        self.prefix = trimmed.isEmpty ? "" : "\(trimmed)/"
        address = "\(S3Address.scheme)\(client.bucket)\(trimmed.isEmpty ? "" : "/\(trimmed)")"
    }

    package func list(
        after start: String?, cancellation: Cancellation, _ visit: (StoredObject) throws -> Void
    ) throws {
        try list(after: start, cancellation: cancellation, dated: { _ in }, visit)
    }

    /// By the store's own clock, which each of its answers tells.
    package func survey(cancellation: Cancellation) throws -> LocationListing {
        var backups = ListedBackups(address: address)
        var began: Timestamp?
        try list(after: nil, cancellation: cancellation, dated: { began = began ?? $0 }) { backups.add($0) }
        return LocationListing(entries: backups.entries, hasOwnTime: false, serverTime: began)
    }

    /// - Parameter dated: is told when the store sent each page.
    private func list(
        after start: String?, cancellation: Cancellation, dated: (Timestamp) -> Void,
        _ visit: (StoredObject) throws -> Void
    ) throws {
        var order = S3ListingOrder(after: start.map { prefix + $0 })
        var continuation: String?
        repeat {
            let page = try page(after: start, continuation, &order, cancellation)
            if let sent = page.sent { dated(sent) }
            for entry in page.entries {
                guard let path = path(of: entry.key) else { continue }
                try visit(StoredObject(path: path, size: entry.size, modified: entry.modified, tag: entry.tag))
            }
            continuation = page.continuation
        } while continuation != nil
    }

    /// Byte by byte; `nil` for what does not lie below.
    private func path(of key: String) -> String? {
        guard key.utf8.count > prefix.utf8.count, key.utf8.starts(with: prefix.utf8) else { return nil }
        return String(Substring(key.utf8.dropFirst(prefix.utf8.count)))
    }

    private func page(
        after start: String?, _ continuation: String?, _ order: inout S3ListingOrder, _ cancellation: Cancellation
    ) throws -> S3Page {
        // Keys may hold letters that XML can't: they come percent-encoded.
        var query = [
            (name: "list-type", value: "2"), (name: "encoding-type", value: "url"), (name: "prefix", value: prefix),
        ]
        if let continuation {
            query.append(("continuation-token", continuation))
        } else if let start {
            query.append(("start-after", prefix + start))
        }
        var count = RetryCount(client.retry, cancellation)
        let refusal = client.refusal(prefix.isEmpty ? nil : prefix)
        do {
            while true {
                let answer = try client.send(S3Client.Operation(query: query), cancellation: cancellation)
                do {
                    let page = try S3Page(answer.body, sent: answer.head["date"].flatMap { HTTPDate.parse($0) })
                    try order.check(page)
                    return page
                } catch let failure as HTTPFailure where failure.isTransient {
                    try count.next(after: failure)
                }
            }
        } catch {
            throw refusal.obstacle(error)
        }
    }

    package func find(_ path: String, cancellation: Cancellation) throws -> StoredObject? {
        do {
            return try look(path, cancellation)?.facts
        } catch {
            throw client.refusal(prefix + path).obstacle(error)
        }
    }

    package func open(_ path: String, cancellation: Cancellation) throws -> any StoredBytes {
        let key = prefix + path
        do {
            if let found = try look(path, cancellation) {
                return S3Object(
                    client: client, key: key, facts: found.facts, digest: found.digest, cancellation: cancellation)
            }
            // Says whether it is the key or the bucket that is missing, which HEAD does not.
            _ = try client.send(firstByte(of: key), cancellation: cancellation)
            throw Obstacle(.vanished, "\(address)/\(path) comes and goes", hint: "Who writes it, and who removes it?")
        } catch {
            throw client.refusal(key).obstacle(error)
        }
    }

    private func firstByte(of key: String) -> S3Client.Operation {
        S3Client.Operation(key: key, headers: [("Range", "bytes=0-0")])
    }

    /// Asks for the checksums, too, that a store has.
    private func head(of key: String) -> S3Client.Operation {
        S3Client.Operation(method: "HEAD", key: key, headers: [("x-amz-checksum-mode", "ENABLED")])
    }

    /// `nil` when it is not there.
    private func look(_ path: String, _ cancellation: Cancellation) throws -> (
        facts: StoredObject, digest: ObjectDigest?
    )? {
        let key = prefix + path
        let head: HTTPHead
        do {
            head = try client.send(self.head(of: key), cancellation: cancellation).head
        } catch let error as S3Error {
            if error.status == 404 { return nil }
            // The answer to HEAD has no body: what the store has to say it says to GET. Where that is that credentials have expired they
            // are others now.
            _ = try client.send(firstByte(of: key), cancellation: cancellation)
            head = try client.send(self.head(of: key), cancellation: cancellation).head
        }
        guard let size = head["content-length"].flatMap({ UInt64($0) }) else {
            throw HTTPFailure(.other, "the answer does not say how long the object is")
        }
        let modified = head["last-modified"].flatMap { HTTPDate.parse($0) } ?? .now()
        let facts = StoredObject(path: path, size: size, modified: modified, tag: head["etag"])
        return (facts, ObjectDigest(head))
    }

    package func makeWriter(_ path: String, cancellation: Cancellation) throws -> any ObjectWriter {
        S3Upload(client: client, key: prefix + path, cancellation: cancellation)
    }

    package func remove(_ path: String, cancellation: Cancellation) throws {
        do {
            _ = try client.send(S3Client.Operation(method: "DELETE", key: prefix + path), cancellation: cancellation)
        } catch let error as S3Error where error.isMissingKey {
            return
        } catch {
            throw client.refusal(prefix + path).obstacle(error)
        }
    }
}
