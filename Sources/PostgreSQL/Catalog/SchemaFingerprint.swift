package import Backups
internal import Integrity

/// SHA-256 over the canonical lines of a schema, and a short digest of each object.
///
/// The text under the digest is, for every object that is not informative, in the order of ``CatalogObject``, its
/// ``CatalogObject/line`` and a line feed.
package enum SchemaFingerprint {
    /// Bits of each object's own digest: they tell which object differs, not whether any does.
    static let objectDigestBytes = 16

    package static func make(of snapshot: CatalogSnapshot) throws -> Manifest.Schema {
        let whole = try SHA256()
        var objects: [String: String] = [:]
        for object in snapshot.objects where !object.kind.isInformative {
            let line = object.line
            try whole.update(line: line)
            let own = try SHA256()
            try own.update(line: line)
            objects[object.key.escapingControl()] = String(
                try own.finish().description.prefix(objectDigestBytes * 2))
        }
        return Manifest.Schema(
            fingerprint: try whole.finish(), algorithm: ChecksumAlgorithm.schema, objects: objects)
    }
}

extension SHA256 {
    fileprivate func update(line: String) throws {
        var text = line + "\n"
        try text.withUTF8 { try update(UnsafeRawBufferPointer($0)) }
    }
}
