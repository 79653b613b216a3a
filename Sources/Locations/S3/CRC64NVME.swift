/// CRC-64/NVME, which Amazon S3 keeps of objects for which the client brought no other checksum ("Checking object integrity in Amazon
/// S3", User Guide; NVM Express NVM Command Set Specification, "64b CRC"): reflected, begun with all bits set and inverted at its end.
///
/// By tables, eight bytes at a time (Kounavis and Berry, "A Systematic Approach to Building High Performance Software-based CRC
/// Generators", 2005).
struct CRC64NVME {
    private static let polynomial: UInt64 = 0x9A6C_9329_AC4B_C9B5
    /// Table `k` advances a byte by `k` further ones.
    private static let tables: [UInt64] = {
        var tables = [UInt64](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var value = UInt64(byte)
            for _ in 0..<8 { value = value & 1 == 0 ? value >> 1 : value >> 1 ^ polynomial }
            tables[byte] = value
        }
        for index in 256..<tables.count {
            let before = tables[index - 256]
            tables[index] = before >> 8 ^ tables[Int(before & 0xFF)]
        }
        return tables
    }()

    private var state = UInt64.max

    /// Of all bytes so far.
    var value: UInt64 { ~state }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        Self.tables.withUnsafeBufferPointer { tables in
            var state = state
            var offset = 0
            while offset + 8 <= bytes.count {
                let word = state ^ UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                state = 0
                for place in 0..<8 {
                    state ^= tables[(7 - place) << 8 | Int(truncatingIfNeeded: word >> (UInt64(place) << 3) & 0xFF)]
                }
                offset += 8
            }
            while offset < bytes.count {
                state = state >> 8 ^ tables[Int(truncatingIfNeeded: (state ^ UInt64(bytes[offset])) & 0xFF)]
                offset += 1
            }
            self.state = state
        }
    }
}
