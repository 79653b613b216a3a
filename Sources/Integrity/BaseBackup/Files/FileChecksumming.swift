internal import Backups

/// Makes the checksum of one file, from bytes that come in pieces. One thread at a time.
struct FileChecksumming {
    private enum State {
        case crc32c(CRC32C)
        case digest(MessageDigest)
    }

    private let algorithm: FileChecksum.Algorithm
    private var state: State

    init(_ algorithm: FileChecksum.Algorithm) throws {
        self.algorithm = algorithm
        state =
            switch algorithm {
            case .crc32c: .crc32c(CRC32C())
            case .sha224: .digest(try MessageDigest(.sha224))
            case .sha256: .digest(try MessageDigest(.sha256))
            case .sha384: .digest(try MessageDigest(.sha384))
            case .sha512: .digest(try MessageDigest(.sha512))
            }
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) throws {
        switch state {
        case .crc32c(var crc):
            crc.update(bytes)
            state = .crc32c(crc)
        case .digest(let digest): try digest.update(bytes)
        }
    }

    /// Call it once, at the end.
    func finish() throws -> FileChecksum {
        switch state {
        case .crc32c(let crc):
            FileChecksum(algorithm: algorithm, bytes: withUnsafeBytes(of: crc.value.littleEndian) { Array($0) })
        case .digest(let digest): FileChecksum(algorithm: algorithm, bytes: try digest.finish())
        }
    }
}
