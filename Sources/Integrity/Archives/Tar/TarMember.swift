import Backups

/// The head of one member of a tar archive as pg_dump writes it: ustar, regular files only.
///
/// Source: POSIX.1-2017 pax, "ustar Interchange Format"; PostgreSQL 18 src/port/tar.c, tarCreateHeader, and
/// src/bin/pg_dump/pg_backup_tar.c, `_tarGetHeader`.
struct TarMember: Equatable {
    static let blockSize = 512

    let name: String
    let size: UInt64

    /// - Returns: `nil` for a block of zeros, which ends an archive.
    /// - Throws: ``ContentDamage`` for anything else that is not such a head.
    init?(_ block: [UInt8], in input: ArchiveInput) throws {
        if block.allSatisfy({ $0 == 0 }) { return nil }
        guard Self.octal(block[148..<156]) == Self.checksum(of: block) else {
            throw input.damage("tar", .checksumMismatch, "the head of a member has not the checksum that it says")
        }
        guard block[257..<262].elementsEqual("ustar".utf8) else {
            throw input.damage("tar", .corrupt, "a member has no ustar head")
        }
        guard let size = Self.size(block[124..<136]) else {
            throw input.damage("tar", .corrupt, "a member has no size")
        }
        self.size = size
        name = String(decoding: block[0..<100].prefix { $0 != 0 }, as: UTF8.self)
        guard block[156] == UInt8(ascii: "0") || block[156] == 0 else {
            throw input.damage("tar", .corrupt, "the member \(name) is no regular file")
        }
    }

    /// Bytes of zeros after the content, up to a whole block.
    var padding: Int { Int((512 - size % 512) % 512) }

    /// The sum of all bytes, those of the checksum itself taken as spaces.
    private static func checksum(of block: [UInt8]) -> UInt64 {
        var sum: UInt64 = 8 * 0x20
        for index in block.indices where !(148..<156).contains(index) { sum += UInt64(block[index]) }
        return sum
    }

    /// Octal digits; or, from 8 GB on, a first byte with the high bit set and the number, highest byte first.
    private static func size(_ field: ArraySlice<UInt8>) -> UInt64? {
        guard let first = field.first, first & 0x80 != 0 else { return octal(field) }
        var value: UInt64 = 0
        for byte in [first & 0x7F] + field.dropFirst() {
            guard value >> 55 == 0 else { return nil }
            value = value << 8 | UInt64(byte)
        }
        return value
    }

    private static func octal(_ field: ArraySlice<UInt8>) -> UInt64? {
        let digits = field.drop { $0 == 0x20 }.prefix { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }
        let rest = field[digits.endIndex...]
        guard !digits.isEmpty, rest.allSatisfy({ $0 == 0 || $0 == 0x20 }) else { return nil }
        return digits.reduce(0) { $0 << 3 | UInt64($1 - UInt8(ascii: "0")) }
    }
}
