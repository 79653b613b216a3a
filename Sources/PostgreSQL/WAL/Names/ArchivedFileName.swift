package import Backups

/// What a file in an archive is, by its path: the server's own name, in any directory, and what an archiving tool added.
///
/// Known are `000000010000000000000001`, with `.gz`, `.zst`, `.lz4`, … after it (WAL-G, `gzip`), pgBackRest's
/// `15-1/0000000100000000/000000010000000000000001-SHA1.gz`, and Barman's `wals/0000000100000000/…`. Any other ending, as
/// that of a file which is still being uploaded, makes it a stranger: it is not the segment.
package struct ArchivedFileName: Sendable, Equatable {
    package enum Packing: Sendable, Equatable {
        case readable(Compression)
        /// Compressed or encrypted by something that is not read here, as `lzo`, `br`, `gpg`.
        case opaque(String)
    }

    package let file: WALFileName
    package let packing: Packing
    /// Bytes of the path before the server's own name, and where what follows that name begins.
    let nameStart: Int
    let nameEnd: Int

    /// - Returns: `nil` for a file that is none of the archiver's.
    package init?(_ path: String) {
        var path = path
        guard let found = path.withUTF8({ Self.read($0) }) else { return nil }
        self = found
    }

    static func read(_ path: UnsafeBufferPointer<UInt8>) -> ArchivedFileName? {
        var start = path.count
        while start > 0, path[start - 1] != UInt8(ascii: "/") { start -= 1 }
        guard let (file, length) = WALFileName.read(UnsafeBufferPointer(rebasing: path[start...])) else { return nil }
        let end = start + length
        guard let packing = packing(UnsafeBufferPointer(rebasing: path[end...])) else { return nil }
        return ArchivedFileName(file: file, packing: packing, nameStart: start, nameEnd: end)
    }

    private init(file: WALFileName, packing: Packing, nameStart: Int, nameEnd: Int) {
        self.file = file
        self.packing = packing
        self.nameStart = nameStart
        self.nameEnd = nameEnd
    }

    /// - Returns: `nil` for an ending that no archiving tool gives to what is complete.
    private static func packing(_ ending: UnsafeBufferPointer<UInt8>) -> Packing? {
        var rest = ending[...]
        // pgBackRest: the SHA-1 of the content.
        if rest.first == UInt8(ascii: "-"), rest.count >= 41, rest.dropFirst().prefix(40).allSatisfy(isLowerHexadecimal)
        {
            rest = rest.dropFirst(41)
        }
        guard !rest.isEmpty else { return .readable(.none) }
        guard rest.first == UInt8(ascii: "."), rest.count <= 16 else { return nil }
        let parts = String(decoding: rest.dropFirst(), as: UTF8.self).split(
            separator: ".", omittingEmptySubsequences: false)
        if parts.count == 1, let compression = compressions[parts[0]] { return .readable(compression) }
        guard parts.allSatisfy({ compressions[$0] != nil || opaque.contains($0) }) else { return nil }
        return .opaque(parts.joined(separator: "."))
    }

    private static let compressions: [Substring: Compression] = [
        "gz": .gzip, "zst": .zstd, "lz4": .lz4, "xz": .xz, "bz2": .bzip2,
    ]
    private static let opaque: Set<Substring> = ["lzo", "br", "lzma", "sz", "gpg", "age", "enc", "aes"]

    private static func isLowerHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
