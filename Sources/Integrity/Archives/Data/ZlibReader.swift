import Backups
internal import CISAL

/// Inflates one zlib stream (RFC 1950) after the other, and holds each against its Adler-32.
///
/// A stream has to fill its source exactly: what ends early, and what follows the end, is damage.
final class ZlibReader: ByteReader {
    private static let inputCapacity = 128 << 10
    private let state: UnsafeMutablePointer<inflate_state>
    private let input: UnsafeMutableRawBufferPointer
    private var source: (any ByteReader)?
    private var sourceEnded = false
    private var title = ""

    init() {
        state = .allocate(capacity: 1)
        input = .allocate(byteCount: Self.inputCapacity, alignment: 64)
    }

    deinit {
        state.deallocate()
        input.deallocate()
    }

    /// Begins the stream that `source` holds.
    /// - Parameter title: whose data it is, for messages.
    func start(_ source: any ByteReader, of title: String) throws {
        self.source = source
        self.title = title
        sourceEnded = false
        // The initialiser goes over the whole state, the header is checked here and the trailer by ISA-L.
        isal_inflate_init(state)
        state.pointee.crc_flag = UInt32(ISAL_ZLIB_NO_HDR_VER)
        state.pointee.avail_in = 0
        try readHeader()
    }

    func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        guard let base = target.baseAddress, !target.isEmpty else { return 0 }
        let room = UInt32(clamping: target.count)
        state.pointee.next_out = base.assumingMemoryBound(to: UInt8.self)
        state.pointee.avail_out = room
        while state.pointee.avail_out == room {
            if state.pointee.block_state == ISAL_BLOCK_FINISH {
                try checkEnd()
                return 0
            }
            if state.pointee.avail_in == 0, !sourceEnded { try refill() }
            let before = (state.pointee.avail_in, state.pointee.block_state)
            try check(isal_inflate(state))
            let isStuck =
                state.pointee.avail_out == room && sourceEnded
                && before == (state.pointee.avail_in, state.pointee.block_state)
            guard !isStuck else { throw damage(.truncated, "ends before its zlib stream does") }
        }
        return Int(room - state.pointee.avail_out)
    }

    /// CMF and FLG of RFC 1950, 2.2: deflate, no preset dictionary, divisible by 31.
    private func readHeader() throws {
        while state.pointee.avail_in < 2, !sourceEnded { try refill() }
        guard state.pointee.avail_in >= 2, let bytes = state.pointee.next_in else {
            throw damage(.truncated, "ends inside the head of its zlib stream")
        }
        let head = (UInt16(bytes[0]) << 8) | UInt16(bytes[1])
        guard bytes[0] & 0x0F == 8, bytes[0] >> 4 <= 7, bytes[1] & 0x20 == 0, head % 31 == 0 else {
            throw damage(.corrupt, "does not start as a zlib stream does")
        }
        state.pointee.next_in = bytes + 2
        state.pointee.avail_in -= 2
    }

    /// Keeps what is left over, and fills the rest of the buffer: chunks of an archive are small.
    private func refill() throws {
        guard let source, let base = input.baseAddress else { return }
        var filled = Int(state.pointee.avail_in)
        if filled > 0, let rest = state.pointee.next_in { base.copyMemory(from: rest, byteCount: filled) }
        while filled < input.count {
            let count = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: input[filled...]))
            guard count > 0 else {
                sourceEnded = true
                break
            }
            filled += count
        }
        state.pointee.next_in = base.assumingMemoryBound(to: UInt8.self)
        state.pointee.avail_in = UInt32(filled)
    }

    private func check(_ result: Int32) throws {
        switch result {
        case ISAL_DECOMP_OK, ISAL_END_INPUT, ISAL_OUT_OVERFLOW: return
        case ISAL_INCORRECT_CHECKSUM: throw damage(.checksumMismatch, "does not have the content its Adler-32 is of")
        default: throw damage(.corrupt, "is no valid zlib stream (ISA-L \(result))")
        }
    }

    private func checkEnd() throws {
        while state.pointee.avail_in == 0, !sourceEnded { try refill() }
        guard state.pointee.avail_in == 0, state.pointee.read_in_length < 8 else {
            throw damage(.trailingBytes, "goes on after the end of its zlib stream")
        }
    }

    private func damage(_ reason: Reason, _ what: String) -> ContentDamage {
        ContentDamage("data", reason, "the data of \(title) \(what)")
    }
}
