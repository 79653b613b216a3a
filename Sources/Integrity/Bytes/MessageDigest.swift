internal import Backups
internal import CCrypto

/// A digest of libcrypto over bytes that come in pieces. One thread at a time.
final class MessageDigest {
    /// FIPS 180-4.
    enum Algorithm: String {
        case sha224 = "SHA-224"
        case sha256 = "SHA-256"
        case sha384 = "SHA-384"
        case sha512 = "SHA-512"

        fileprivate var implementation: OpaquePointer? {
            switch self {
            case .sha224: EVP_sha224()
            case .sha256: EVP_sha256()
            case .sha384: EVP_sha384()
            case .sha512: EVP_sha512()
            }
        }
    }

    private let algorithm: Algorithm
    private let context: OpaquePointer

    /// - Throws: ``Obstacle`` when libcrypto can't (no memory, or a provider without the algorithm).
    init(_ algorithm: Algorithm) throws {
        self.algorithm = algorithm
        guard let context = EVP_MD_CTX_new() else {
            throw Obstacle(.outOfMemory, "libcrypto has no memory for a digest by \(algorithm.rawValue)")
        }
        guard EVP_DigestInit_ex(context, algorithm.implementation, nil) == 1 else {
            EVP_MD_CTX_free(context)
            throw Obstacle(.internalError, "libcrypto does not offer \(algorithm.rawValue)")
        }
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    func update(_ bytes: UnsafeRawBufferPointer) throws {
        guard let base = bytes.baseAddress, bytes.count > 0 else { return }
        guard EVP_DigestUpdate(context, base, bytes.count) == 1 else {
            throw Obstacle(.internalError, "libcrypto could not go on with a digest by \(algorithm.rawValue)")
        }
    }

    /// The digest of everything given so far. Call it once, at the end.
    func finish() throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        guard EVP_DigestFinal_ex(context, &bytes, &count) == 1 else {
            throw Obstacle(.internalError, "libcrypto could not finish a digest by \(algorithm.rawValue)")
        }
        return Array(bytes.prefix(Int(count)))
    }
}
