internal import CISAL

/// CRC-32C (Castagnoli) over bytes that come in pieces, as PostgreSQL has it: begun with all bits set, inverted at its end
/// (src/include/port/pg_crc32c.h).
package struct CRC32C: Sendable {
    private var state: UInt32 = .max

    package init() {}

    /// Of all bytes so far.
    package var value: UInt32 { ~state }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
        // ISA-L's name for it; it reads only, though its first parameter does not say so. Its length is an int.
        var (start, left) = (UnsafeMutablePointer(mutating: base.assumingMemoryBound(to: UInt8.self)), bytes.count)
        while left > 0 {
            let count = min(left, 1 << 30)
            state = crc32_iscsi(start, Int32(count), state)
            start += count
            left -= count
        }
    }
}
