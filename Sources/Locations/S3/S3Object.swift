import Backups

/// One object of a bucket, pinned to the version that was there when it was opened: a reader that meets another one
/// says so (`vanished`), and never mixes the two.
final class S3Object: StoredBytes {
    let client: S3Client
    let key: String
    let facts: StoredObject
    /// What the store has of the whole of it.
    let digest: ObjectDigest?
    let cancellation: Cancellation

    init(client: S3Client, key: String, facts: StoredObject, digest: ObjectDigest?, cancellation: Cancellation) {
        (self.client, self.key, self.facts) = (client, key, facts)
        (self.digest, self.cancellation) = (digest, cancellation)
    }

    var name: String { "\(S3Address.scheme)\(client.bucket)/\(key)" }
    var size: UInt64? { facts.size }
    var modified: Timestamp? { facts.modified }
    var overLine: (any StoredBytes)? { digest == nil ? self : nil }

    func makeReader(at offset: UInt64) throws -> any ByteReader {
        S3Reader(self, at: offset)
    }
}
