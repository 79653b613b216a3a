/// What the bytes of `global/pg_control` show without a server: whose it is, and whether it is whole.
///
/// Source: `ControlFileData` of src/include/catalog/pg_control.h.
package struct ControlFile: Sendable, Equatable {
    /// Its place in a data directory.
    package static let path = DataPath("global/pg_control")

    package let systemIdentifier: UInt64
    /// `PG_CONTROL_VERSION`.
    package let version: UInt32
    /// Where its latest checkpoint lies, in bytes from the beginning of the write-ahead log (`checkPoint`, behind state and time).
    package let checkpoint: UInt64
    /// Whether its own CRC-32C holds.
    package let isWhole: Bool

    /// - Returns: `nil` for what is too short to be one, or of a machine with another byte order.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count >= 512 else { return nil }
        (systemIdentifier, version, checkpoint) = bytes.withUnsafeBytes {
            ($0.number(at: 0, UInt64.self), $0.number(at: 8, UInt32.self), $0.number(at: 32, UInt64.self))
        }
        guard (1...0xFFFF).contains(version) else { return nil }
        isWhole = bytes.withUnsafeBytes { Self.hasChecksum(UnsafeRawBufferPointer(rebasing: $0[..<512])) }
    }

    /// The CRC stands behind the last field, whose place depends on the version: it is looked for. That one of these
    /// hundred places holds the right number by chance happens once in 40 million files.
    private static func hasChecksum(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var crc = CRC32C()
        let first = 128
        crc.update(UnsafeRawBufferPointer(rebasing: bytes[..<first]))
        for offset in stride(from: first, through: bytes.count - 4, by: 4) {
            if crc.value == bytes.number(at: offset, UInt32.self) { return true }
            crc.update(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + 4]))
        }
        return false
    }
}
