internal import CISAL

/// ISA-L's `inflate_state` (87 kB) on the heap: bits already taken from the input, Huffman tables, the last 32 KiB of
/// output, running CRC. It points to nothing but the two buffers of the call in progress, so that a byte copy of it
/// is a checkpoint from which inflation goes on, as long as the input does from the same offset.
final class InflateState {
    let pointer: UnsafeMutablePointer<inflate_state>

    init() {
        pointer = Self.allocate()
        isal_inflate_init(pointer)
    }

    private static func allocate() -> UnsafeMutablePointer<inflate_state> {
        let size = MemoryLayout<inflate_state>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        return memory.assumingMemoryBound(to: inflate_state.self)
    }

    deinit {
        pointer.deallocate()
    }

    /// Makes it ready for the next member: no header, CRC kept but not compared.
    func reset() {
        isal_inflate_reset(pointer)
        pointer.pointee.crc_flag = UInt32(ISAL_GZIP_NO_HDR)
    }

    /// Makes this one the same as `other`, but for the buffers.
    func copy(from other: InflateState) {
        let size = MemoryLayout<inflate_state>.size
        UnsafeMutableRawPointer(pointer).copyMemory(from: other.pointer, byteCount: size)
        pointer.pointee.next_in = nil
        pointer.pointee.avail_in = 0
        pointer.pointee.next_out = nil
        pointer.pointee.avail_out = 0
    }
}
