import Backups

/// One page of ListObjectsV2 (Amazon S3 API Reference): at most 1,000 keys.
struct S3Page {
    struct Entry: Equatable {
        let key: String
        let size: UInt64
        let modified: Timestamp
        let tag: String?
    }

    let entries: [Entry]
    /// What asks for the next page; `nil` after the last.
    let continuation: String?

    /// When the store sent it, by its own clock (RFC 9110, 6.6.1).
    let sent: Timestamp?

    /// - Throws: ``HTTPFailure`` for an answer that is cut or no listing: never as if nothing were there.
    init(_ bytes: [UInt8], sent: Timestamp? = nil) throws {
        self.sent = sent
        do {
            (entries, continuation) = try Self.parse(bytes)
        } catch let flaw as XMLReader.Flaw {
            throw HTTPFailure(.cut, "the listing can't be read at byte \(flaw.offset) of \(bytes.count)")
        }
    }

    private static func parse(_ bytes: [UInt8]) throws -> ([Entry], String?) {
        let listing = try XMLRecords(bytes, of: "Contents")
        let page = listing.page
        guard page["IsTruncated"] != nil || page["Name"] != nil else {
            throw HTTPFailure(.other, "the answer is no listing of a bucket")
        }
        let isEncoded = page["EncodingType"] == "url"
        let entries = try listing.records.map { try entry($0, isEncoded: isEncoded) }
        let token = page["NextContinuationToken"]
        guard page["IsTruncated"] == "true" else {
            guard page["IsTruncated"] != nil || (token ?? "").isEmpty else {
                throw HTTPFailure(.other, "the listing says where it goes on, and not whether")
            }
            return (entries, nil)
        }
        guard let token, !token.isEmpty else {
            throw HTTPFailure(.other, "the listing goes on, and does not say where")
        }
        return (entries, token)
    }

    private static func entry(_ fields: [String: String], isEncoded: Bool) throws -> Entry {
        guard let key = fields["Key"], let size = fields["Size"].flatMap({ UInt64($0) }),
            let modified = fields["LastModified"].flatMap({ Timestamp($0) })
        else { throw HTTPFailure(.other, "an entry of the listing lacks its key, its size or its time") }
        return Entry(
            key: isEncoded ? PercentEncoding.decode(key) : key, size: size, modified: modified, tag: fields["ETag"])
    }
}
