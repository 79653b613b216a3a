import Backups

/// Tells whether what lies under a key is what was uploaded in parts, where the store did not say so.
struct UploadedParts {
    /// Of the parts, as the store gave them, in their order.
    let tags: [String]
    /// Bytes of all parts.
    let size: UInt64
    /// When the upload began, by the store's clock.
    let begun: Timestamp?

    /// - Parameter head: of the object that lies there.
    func are(_ head: HTTPHead) -> Bool {
        guard head["content-length"].flatMap({ UInt64($0) }) == size else { return false }
        let tag = Self.bare(head["etag"] ?? "")
        let isKeyed = (head["x-amz-server-side-encryption"] ?? "").hasPrefix("aws:kms")
        if !isKeyed, let composite, Self.isComposite(tag) { return tag == composite }
        // Whoever else wrote as many bytes there did so before: nobody writes where something is being uploaded. An object in
        // parts has the time when its upload began (Amazon S3 User Guide, "Tracking object metadata"), in whole seconds.
        guard let begun, let modified = head["last-modified"].flatMap({ HTTPDate.parse($0) }) else { return false }
        return modified.seconds(since: begun) >= -1
    }

    /// The tag of an object in parts: the MD5 of the MD5s of its parts, and how many they are. `nil` where those are none.
    private var composite: String? {
        let digests = tags.map { Self.bytes(Self.bare($0)) }
        guard let digest = MD5(), digests.allSatisfy({ $0.count == 16 }) else { return nil }
        for bytes in digests { bytes.withUnsafeBytes { digest.update($0) } }
        return "\(digest.finish())-\(tags.count)"
    }

    private static func isComposite(_ tag: String) -> Bool {
        let parts = tag.split(separator: "-")
        return parts.count == 2 && bytes(String(parts[0])).count == 16 && Int(parts[1]) != nil
    }

    private static func bare(_ tag: String) -> String { tag.filter { $0 != "\"" }.lowercased() }

    /// Of hexadecimal digits; none for anything else.
    private static func bytes(_ digits: String) -> [UInt8] {
        let values = digits.compactMap(\.hexDigitValue).map { UInt8($0) }
        guard values.count == digits.utf8.count, values.count % 2 == 0 else { return [] }
        return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }
}
