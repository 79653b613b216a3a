import Backups

/// One page of ListMultipartUploads (Amazon S3 API Reference): at most 1,000 uploads.
struct S3UploadsPage {
    struct Upload: Equatable {
        let key: String
        let identifier: String
        let begun: Timestamp
    }

    let uploads: [Upload]
    /// Parameters that ask for the next page; `nil` after the last.
    let next: [(name: String, value: String)]?

    /// - Throws: ``HTTPFailure`` for an answer that is no such listing: never as if there were none.
    init(_ bytes: [UInt8]) throws {
        let listing = try Self.records(bytes, of: "Upload")
        let page = listing.page
        uploads = try listing.records.map { fields in
            guard let key = fields["Key"], let identifier = fields["UploadId"],
                let begun = fields["Initiated"].flatMap({ Timestamp($0) })
            else { throw HTTPFailure(.other, "an upload of the listing lacks its key, its identifier or its time") }
            return Upload(key: key, identifier: identifier, begun: begun)
        }
        guard page["IsTruncated"] == "true" else {
            next = nil
            return
        }
        guard let key = page["NextKeyMarker"], !key.isEmpty, let upload = page["NextUploadIdMarker"] else {
            throw HTTPFailure(.other, "the listing of uploads goes on, and does not say where")
        }
        next = [("key-marker", key), ("upload-id-marker", upload)]
    }

    static func records(_ bytes: [UInt8], of name: String) throws -> XMLRecords {
        do {
            let listing = try XMLRecords(bytes, of: name)
            guard listing.page["Bucket"] != nil || listing.page["IsTruncated"] != nil else {
                throw HTTPFailure(.other, "the answer is no listing of uploads")
            }
            return listing
        } catch let flaw as XMLReader.Flaw {
            throw HTTPFailure(.cut, "the listing can't be read at byte \(flaw.offset) of \(bytes.count)")
        }
    }
}
