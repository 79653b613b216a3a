package import Backups

/// Uploads in parts that were begun and neither joined nor aborted ("Uploading and copying objects using multipart
/// upload", Amazon S3 User Guide).
extension S3Location {
    package func unfinished(
        cancellation: Cancellation, where isWanted: (String) -> Bool
    ) throws -> [UnfinishedObject] {
        do {
            var found: [UnfinishedObject] = []
            var markers: [(name: String, value: String)]? = []
            var seen: Set<[String]> = []
            while let after = markers, let page = try uploads(after: after, cancellation) {
                // A store that comes back to where it was would be asked for ever.
                guard seen.insert(after.map(\.value)).inserted else {
                    throw HTTPFailure(.other, "the listing of uploads goes round: it asks for the same page again")
                }
                for upload in page.uploads where upload.key.hasPrefix(prefix) {
                    let path = String(upload.key.dropFirst(prefix.count))
                    guard isWanted(path) else { continue }
                    let touched = try lastPart(of: upload, cancellation) ?? upload.begun
                    found.append(UnfinishedObject(path: path, identifier: upload.identifier, touched: touched))
                }
                markers = page.next
            }
            return found
        } catch {
            throw client.refusal(prefix.isEmpty ? nil : prefix).obstacle(error)
        }
    }

    package func remove(_ unfinished: UnfinishedObject, cancellation: Cancellation) throws {
        let key = prefix + unfinished.path
        let operation = S3Client.Operation(
            method: "DELETE", key: key, query: [("uploadId", unfinished.identifier)])
        do {
            _ = try client.send(operation, cancellation: cancellation)
        } catch let error as S3Error where error.code == "NoSuchUpload" || error.status == 404 {
            return
        } catch {
            throw client.refusal(key).obstacle(error)
        }
    }

    /// ListMultipartUploads; `nil` from a store that calls none an error, as rclone does.
    private func uploads(
        after markers: [(name: String, value: String)], _ cancellation: Cancellation
    ) throws -> S3UploadsPage? {
        // Without an encoding: Ceph encodes its keys when it is asked to, and does not say so.
        let query = [(name: "uploads", value: "")] + markers
        let prefixed = prefix.isEmpty ? query : query + [(name: "prefix", value: prefix)]
        do {
            return try S3UploadsPage(
                try client.send(S3Client.Operation(query: prefixed), cancellation: cancellation).body)
        } catch let error as S3Error where error.code == "NoSuchUpload" {
            return nil
        }
    }

    /// When the newest part came (ListParts); `nil` when none did.
    private func lastPart(of upload: S3UploadsPage.Upload, _ cancellation: Cancellation) throws -> Timestamp? {
        var newest: Timestamp?
        var marker: String?
        var seen: Set<String> = []
        repeat {
            let more = marker.map { [(name: "part-number-marker", value: $0)] } ?? []
            let operation = S3Client.Operation(
                key: upload.key, query: [(name: "uploadId", value: upload.identifier)] + more)
            let answer: HTTPAnswer
            do {
                answer = try client.send(operation, cancellation: cancellation)
            } catch let error as S3Error where error.code == "NoSuchUpload" {
                return newest
            }
            let page = try S3UploadsPage.records(answer.body, of: "Part")
            newest = ([newest] + page.records.map { $0["LastModified"].flatMap { Timestamp($0) } }).compactMap(\.self)
                .max()
            let next = page.page["IsTruncated"] == "true" ? page.page["NextPartNumberMarker"] : nil
            marker = next.flatMap { seen.insert($0).inserted ? $0 : nil }
        } while marker != nil
        return newest
    }
}
