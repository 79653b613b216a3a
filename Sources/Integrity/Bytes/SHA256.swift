package import Backups
internal import CCrypto

/// SHA-256 (FIPS 180-4) of bytes that come in pieces. One thread at a time.
package final class SHA256 {
    private let context: OpaquePointer

    /// - Throws: ``Obstacle`` when libcrypto can't (no memory, or a provider without SHA-256).
    package init() throws {
        guard let context = EVP_MD_CTX_new() else {
            throw Obstacle(.outOfMemory, "libcrypto has no memory for a SHA-256 digest")
        }
        guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            EVP_MD_CTX_free(context)
            throw Obstacle(.internalError, "libcrypto does not offer SHA-256")
        }
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    package func update(_ bytes: UnsafeRawBufferPointer) throws {
        guard let base = bytes.baseAddress, bytes.count > 0 else { return }
        guard EVP_DigestUpdate(context, base, bytes.count) == 1 else {
            throw Obstacle(.internalError, "libcrypto could not go on with a SHA-256 digest")
        }
    }

    /// The digest of everything given so far. Call it once, at the end.
    package func finish() throws -> SHA256Digest {
        var bytes = [UInt8](repeating: 0, count: 32)
        guard EVP_DigestFinal_ex(context, &bytes, nil) == 1, let digest = SHA256Digest(bytes: bytes) else {
            throw Obstacle(.internalError, "libcrypto could not finish a SHA-256 digest")
        }
        return digest
    }
}
