internal import Backups
internal import CISAL

/// gzip (RFC 1952), any number of members, inflated by ISA-L; headers and trailers are read here.
///
/// After the last member nothing may follow but zeros, which tapes and block devices pad with and `gzip -t` accepts too.
final class GzipDecoder: ContentDecoder {
    private let input: ByteInput
    private let state: InflateState
    /// Offset in the stored bytes of the member that is being inflated; `nil` between members.
    private var memberStart: UInt64?
    private var isAtEnd = false
    private(set) var members = MemberFacts()

    init(_ input: ByteInput) {
        self.input = input
        state = InflateState()
    }

    func decode(into output: UnsafeMutableRawBufferPointer) throws -> Int {
        var produced = 0
        while produced < output.count, !isAtEnd {
            guard let start = memberStart else {
                try beginMember()
                continue
            }
            produced += try inflate(into: UnsafeMutableRawBufferPointer(rebasing: output[produced...]), of: start)
            if state.pointer.pointee.block_state == ISAL_BLOCK_FINISH { try endMember(startedAt: start) }
        }
        return produced
    }

    // MARK: Checkpoints

    /// Copies into `snapshot` what is needed to go on from here.
    func save(to snapshot: GzipSnapshot) {
        snapshot.storedOffset = input.offset
        snapshot.memberStart = memberStart
        if memberStart != nil { snapshot.state.copy(from: state) }
    }

    /// A decoder that goes on from `snapshot`; `input` must start at its `storedOffset`.
    init(_ input: ByteInput, resuming snapshot: GzipSnapshot) {
        self.input = input
        state = InflateState()
        memberStart = snapshot.memberStart
        if memberStart != nil { state.copy(from: snapshot.state) }
        // There was a member before, or there is one now: what follows the last one is not mistaken for the first.
        members.count = 1
    }

    // MARK: Members

    private func beginMember() throws {
        let start = input.offset
        guard let first = try input.nextByte() else {
            isAtEnd = true
            return
        }
        if first == 0, members.count > 0 { return try skipPadding(from: start) }
        guard first == 0x1F else { throw foreignBytes(at: start) }
        guard let second = try input.nextByte() else { throw cut(in: "header", of: start) }
        guard second == 0x8B else { throw foreignBytes(at: start) }
        try GzipHeader.skip(input, memberAt: start)
        state.reset()
        memberStart = start
        members.count += 1
    }

    /// - Returns: how many bytes went to `output`.
    private func inflate(into output: UnsafeMutableRawBufferPointer, of start: UInt64) throws -> Int {
        let hasInput = try input.fill()
        let given = input.remaining
        let inflating = state.pointer
        // ISA-L counts input in 32 bits and does not write to it.
        let available = min(given.count, 1 << 30)
        let room = min(output.count, 1 << 30)
        inflating.pointee.next_in = UnsafeMutablePointer(
            mutating: given.baseAddress?.assumingMemoryBound(to: UInt8.self))
        inflating.pointee.avail_in = UInt32(available)
        inflating.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        inflating.pointee.avail_out = UInt32(room)
        let result = isal_inflate(inflating)
        if result < 0 {
            // After an error ISA-L may claim to have more input left than it was given: it puts back what it had read
            // ahead, of which it holds up to 8 bytes.
            let taken = max(0, available - Int(inflating.pointee.avail_in) + 8)
            throw corrupt(result, start, before: input.offset + UInt64(min(taken, available)))
        }
        let taken = available - Int(inflating.pointee.avail_in)
        let produced = room - Int(inflating.pointee.avail_out)
        input.advance(by: taken)
        // A cut is no error to ISA-L: it waits for more input for ever. What it still holds it gives without any.
        let isStuck = !hasInput && produced == 0 && inflating.pointee.block_state != ISAL_BLOCK_FINISH
        if isStuck { throw cut(in: "data", of: start) }
        return produced
    }

    /// Reads CRC32 and ISIZE (RFC 1952, section 2.3.1), which ISA-L may have begun to take in as bits.
    private func endMember(startedAt start: UInt64) throws {
        let inflating = state.pointer
        var held = Int(inflating.pointee.read_in_length) / 8
        var bits = inflating.pointee.read_in >> UInt64(inflating.pointee.read_in_length % 8)
        var trailer: UInt64 = 0
        for index in 0..<8 {
            let byte: UInt8
            if held > 0 {
                byte = UInt8(truncatingIfNeeded: bits)
                bits >>= 8
                held -= 1
            } else if let next = try input.nextByte() {
                byte = next
            } else {
                throw cut(in: "checksum", of: start)
            }
            trailer |= UInt64(byte) << UInt64(8 * index)
        }
        memberStart = nil
        guard UInt32(truncatingIfNeeded: trailer) == inflating.pointee.crc else {
            throw mismatch("checksum (CRC-32)", of: start)
        }
        guard UInt32(trailer >> 32) == inflating.pointee.total_out else { throw mismatch("length", of: start) }
    }

    private func skipPadding(from start: UInt64) throws {
        while let byte = try input.nextByte() {
            guard byte == 0 else { throw foreignBytes(at: start) }
        }
        isAtEnd = true
    }
}

extension GzipDecoder {
    private func cut(in part: String, of start: UInt64) -> ContentDamage {
        ContentDamage(
            "gzip", .truncated,
            "the file ends at byte \(input.offset), within the \(part) of the gzip member at byte \(start)")
    }

    private func mismatch(_ what: String, of start: UInt64) -> ContentDamage {
        ContentDamage(
            "gzip", .checksumMismatch,
            "the content of the gzip member at byte \(start) does not have the \(what) that stands at its end,"
                + " before byte \(input.offset)")
    }

    private func foreignBytes(at start: UInt64) -> ContentDamage {
        members.count == 0
            ? ContentDamage("gzip", .corrupt, "byte \(start) does not begin a gzip member")
            : ContentDamage(
                "gzip", .trailingBytes, "the bytes from \(start) on, after the last gzip member, are not gzip",
            )
    }

    private func corrupt(_ result: Int32, _ start: UInt64, before end: UInt64) -> ContentDamage {
        let what =
            switch result {
            case ISAL_INVALID_BLOCK: "a block that does not exist in deflate"
            case ISAL_INVALID_SYMBOL: "a symbol that does not exist in deflate"
            case ISAL_INVALID_LOOKBACK: "a reference to before its start"
            default: "an error (\(result))"
            }
        return ContentDamage(
            "gzip", .corrupt, "the gzip member at byte \(start) holds \(what), before byte \(end)")
    }
}
