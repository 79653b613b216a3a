internal import CISAL
internal import Glibc

/// Finds the headers of xz and bzip2 streams, which can't be walked without decoding: by their magic numbers.
///
/// A header that is found where none is makes one stream too many, which weakens the verdict and never strengthens it:
/// the pattern of bzip2 is 9 bytes, that of xz 6 with a CRC-32 behind.
struct StreamHeaderScanner: MemberScanner {
    enum Format {
        case xz, bzip2
    }

    private let format: Format
    private(set) var facts = MemberFacts()
    /// The last bytes scanned, where a header may have begun.
    private var tail: [UInt8] = []
    private var offset: UInt64 = 0
    private var lastHeader: UInt64?

    init(_ format: Format) {
        self.format = format
    }

    private var headerLength: Int { format == .xz ? 12 : 10 }

    /// Whether the file is whole is what the library says: both formats end with checksums that it compares.
    var verdict: MemberVerdict { .whole }

    mutating func scan(_ bytes: UnsafeRawBufferPointer) {
        let seam = tail + bytes.prefix(headerLength - 1)
        seam.withUnsafeBytes { count(in: $0, at: offset - UInt64(tail.count)) }
        count(in: bytes, at: offset)
        offset += UInt64(bytes.count)
        let kept = bytes.count >= headerLength - 1 ? Array(bytes.suffix(headerLength - 1)) : tail + bytes
        tail = Array(kept.suffix(headerLength - 1))
    }

    /// Whether a stream begins at `start`, or may have, were there more bytes.
    func mayBegin(at start: UInt64) -> Bool {
        if lastHeader == start { return true }
        guard start < offset, offset - start <= UInt64(tail.count) else { return false }
        let magic: [UInt8] = format == .xz ? [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00] : [0x42, 0x5A, 0x68]
        return zip(tail.suffix(Int(offset - start)), magic).allSatisfy { $0 == $1 }
    }

    private mutating func count(in bytes: UnsafeRawBufferPointer, at base: UInt64) {
        var rest = bytes[...]
        let first: UInt8 = format == .xz ? 0xFD : UInt8(ascii: "B")
        while rest.count >= headerLength, let address = bytes.baseAddress {
            let start = rest.startIndex
            guard let found = memchr(address + start, Int32(first), rest.count) else { return }
            let at = UnsafeRawPointer(found) - address
            rest = rest[(at + 1)...]
            guard bytes.count - at >= headerLength else { return }
            let header = UnsafeRawBufferPointer(rebasing: bytes[at..<at + headerLength])
            if format == .xz ? takeXZ(header) : takeBzip2(header) {
                facts.count += 1
                lastHeader = base + UInt64(at)
            }
        }
    }

    /// The xz file format 1.1.0, section 2.1.1: FD "7zXZ" 00, two bytes of flags, their CRC-32.
    private mutating func takeXZ(_ header: UnsafeRawBufferPointer) -> Bool {
        let magic: [UInt8] = [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]
        guard header.starts(with: magic), let address = header.baseAddress else { return false }
        let stored = header.loadUnaligned(fromByteOffset: 8, as: UInt32.self)
        let flags = (address + 6).assumingMemoryBound(to: UInt8.self)
        guard crc32_gzip_refl(0, flags, 2) == UInt32(littleEndian: stored) else { return false }
        // CRC32, CRC64, SHA-256; liblzma does not compare any other, and 0 is none.
        if ![1, 4, 10].contains(flags[1] & 15) { facts.allHaveChecksum = false }
        return true
    }

    /// "BZh", level, and the magic of a block (the digits of π) or of the end of an empty stream (√π).
    private func takeBzip2(_ header: UnsafeRawBufferPointer) -> Bool {
        guard header.starts(with: [0x42, 0x5A, 0x68]), (0x31...0x39).contains(header[3]) else { return false }
        let magic = header.dropFirst(4)
        return magic.elementsEqual([0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
            || magic.elementsEqual([0x17, 0x72, 0x45, 0x38, 0x50, 0x90])
    }
}
