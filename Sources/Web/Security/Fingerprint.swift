import CCrypto

/// SHA-256 of some bytes (FIPS 180-4), by OpenSSL.
enum Fingerprint {
    /// - Returns: 32 bytes; `nil` where OpenSSL refuses.
    static func sha256(_ bytes: [UInt8]) -> [UInt8]? {
        var digest = [UInt8](repeating: 0, count: 32)
        let isDone = bytes.withUnsafeBytes { EVP_Digest($0.baseAddress, $0.count, &digest, nil, EVP_sha256(), nil) }
        return isDone == 1 ? digest : nil
    }
}
