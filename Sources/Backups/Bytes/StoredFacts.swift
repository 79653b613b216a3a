/// Size and digest of a stored file, as it lies there: before any filter, before decompression.
package struct StoredFacts: Sendable, Equatable {
    /// Bytes.
    package let size: UInt64
    package let sha256: SHA256Digest

    package init(size: UInt64, sha256: SHA256Digest) {
        self.size = size
        self.sha256 = sha256
    }
}
