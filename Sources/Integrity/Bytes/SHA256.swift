package import Backups

/// SHA-256 (FIPS 180-4) of bytes that come in pieces. One thread at a time.
package final class SHA256 {
    private let digest: MessageDigest

    /// - Throws: ``Obstacle`` when libcrypto can't (no memory, or a provider without SHA-256).
    package init() throws {
        digest = try MessageDigest(.sha256)
    }

    package func update(_ bytes: UnsafeRawBufferPointer) throws {
        try digest.update(bytes)
    }

    /// The digest of everything given so far. Call it once, at the end.
    package func finish() throws -> SHA256Digest {
        guard let digest = SHA256Digest(bytes: try digest.finish()) else {
            throw Obstacle(.internalError, "libcrypto made a SHA-256 digest of another length")
        }
        return digest
    }
}
