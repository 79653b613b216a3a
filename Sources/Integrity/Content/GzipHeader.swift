internal import Backups
internal import CISAL

/// The header of one gzip member (RFC 1952, section 2.3).
///
/// ISA-L 2.30 has a parser, which takes valid headers with a header checksum for wrong when they straddle two input
/// buffers. So this one reads byte by byte, wherever the buffers end; members are large, their headers are not.
struct GzipHeader {
    private static let reservedFlags: UInt8 = 0xE0
    private enum Flag {
        static let headerChecksum: UInt8 = 2
        static let extra: UInt8 = 4
        static let name: UInt8 = 8
        static let comment: UInt8 = 16
    }

    private let input: ByteInput
    private let start: UInt64
    private var checksum: UInt32 = 0

    /// Takes a whole header from `input`, from after the two bytes of the magic number on.
    /// - Parameter start: offset of the member in the stored bytes.
    static func skip(_ input: ByteInput, memberAt start: UInt64) throws {
        var header = GzipHeader(input: input, start: start)
        try header.parse()
    }

    private init(input: ByteInput, start: UInt64) {
        self.input = input
        self.start = start
        add(0x1F)
        add(0x8B)
    }

    private mutating func parse() throws {
        let method = try byte()
        guard method == 8 else { throw damage(.corrupt, "says compression method \(method), which does not exist") }
        let flags = try byte()
        guard flags & Self.reservedFlags == 0 else { throw damage(.corrupt, "has reserved flags set") }
        // Modification time, extra flags, operating system.
        for _ in 0..<6 { _ = try byte() }
        if flags & Flag.extra != 0 {
            let length = Int(try byte()) | Int(try byte()) << 8
            for _ in 0..<length { _ = try byte() }
        }
        if flags & Flag.name != 0 { try skipString() }
        if flags & Flag.comment != 0 { try skipString() }
        if flags & Flag.headerChecksum != 0 {
            let expected = UInt16(truncatingIfNeeded: checksum)
            let stored = UInt16(try byte()) | UInt16(try byte()) << 8
            guard stored == expected else { throw damage(.checksumMismatch, "does not have the checksum it says") }
        }
    }

    private mutating func skipString() throws {
        while try byte() != 0 {}
    }

    private mutating func byte() throws -> UInt8 {
        guard let byte = try input.nextByte() else {
            throw ContentDamage(
                "gzip", .truncated,
                "the file ends at byte \(input.offset), within the header of the gzip member at byte \(start)")
        }
        add(byte)
        return byte
    }

    private mutating func add(_ byte: UInt8) {
        withUnsafePointer(to: byte) { checksum = crc32_gzip_refl(checksum, $0, 1) }
    }

    private func damage(_ reason: Reason, _ what: String) -> ContentDamage {
        ContentDamage("gzip", reason, "the header of the gzip member at byte \(start) \(what)")
    }
}
