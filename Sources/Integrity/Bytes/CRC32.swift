internal import CISAL

/// CRC-32 as of gzip (RFC 1952, 8) over bytes that come in pieces.
package struct CRC32: Sendable {
    /// Of all bytes so far.
    package private(set) var value: UInt32 = 0

    package init() {}

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
        value = crc32_gzip_refl(value, base.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
    }
}
