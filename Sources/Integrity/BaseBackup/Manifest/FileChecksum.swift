/// The checksum of one file, as a `backup_manifest` holds it.
package struct FileChecksum: Sendable, Equatable {
    /// What `pg_basebackup --manifest-checksums` offers, but for `NONE`.
    package enum Algorithm: String, Sendable, CaseIterable {
        /// The default.
        case crc32c = "CRC32C"
        case sha224 = "SHA224"
        case sha256 = "SHA256"
        case sha384 = "SHA384"
        case sha512 = "SHA512"

        /// Of a checksum, in bytes.
        package var length: Int {
            switch self {
            case .crc32c: 4
            case .sha224: 28
            case .sha256: 32
            case .sha384: 48
            case .sha512: 64
            }
        }
    }

    package let algorithm: Algorithm
    /// In the order of the manifest: CRC-32C with its lowest byte first, as the server's own machine wrote it.
    package let bytes: [UInt8]

    package init(algorithm: Algorithm, bytes: [UInt8]) {
        self.algorithm = algorithm
        self.bytes = bytes
    }
}
