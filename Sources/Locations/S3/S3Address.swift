import Backups

/// `s3://bucket/key` or `s3://bucket/prefix`.
package struct S3Address: Sendable, Equatable {
    package static let scheme = "s3://"

    package let bucket: String
    /// The rest, as it stands there: nothing in it is decoded. Empty for the bucket itself.
    package let key: String

    /// - Throws: ``Obstacle`` for what names no bucket.
    package init(_ text: String) throws {
        let rest = text.dropFirst(Self.scheme.count)
        let bucket = rest.prefix { $0 != "/" }
        guard text.hasPrefix(Self.scheme), bucket.count >= 3, bucket.utf8.allSatisfy(Self.isOfBucket) else {
            throw Obstacle(
                .unreadable, "\(text) names no bucket",
                hint: "Write s3://BUCKET/PREFIX; a bucket's name has letters, digits, - and .")
        }
        self.bucket = String(bucket)
        key = String(rest.dropFirst(bucket.count + 1))
    }

    /// Also names of the time when capitals and `_` were allowed ("Bucket naming rules", Amazon S3 User Guide).
    private static func isOfBucket(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
