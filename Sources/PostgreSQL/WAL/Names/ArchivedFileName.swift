package import Backups

/// What a file in an archive is, by its path: the server's own name, in any directory, and what an archiving tool added.
///
/// Known are `000000010000000000000001`, with `.gz`, `.zst`, `.lz4`, … after it (WAL-G, `gzip`), pgBackRest's
/// `15-1/0000000100000000/000000010000000000000001-SHA1.gz`, and Barman's `wals/0000000100000000/…`, which says nowhere in a
/// name what it compressed: what has no ending is packed with what its first bytes say. Any other ending, as
/// that of a file which is still being uploaded, makes it a stranger: it is not the segment.
package struct ArchivedFileName: Sendable, Equatable {
    package enum Packing: Sendable, Equatable {
        case readable(Compression)
        /// Compressed or encrypted by something that is not read here, as `lzo`, `br`, `gpg`.
        case opaque(String)
    }

    package let file: WALFileName
    package let packing: Packing

    /// - Returns: `nil` for a file that is none of the archiver's.
    package init?(_ path: String) {
        var path = path
        let found = path.withUTF8 { bytes -> (WALFileName, Packing)? in
            guard let parts = Parts(bytes),
                let packing = Self.packing(UnsafeBufferPointer(rebasing: bytes[parts.ending...]))
            else { return nil }
            return (parts.file, packing)
        }
        guard let found else { return nil }
        (file, packing) = found
    }

    /// A path, taken apart without looking at its ending.
    struct Parts {
        let file: WALFileName
        /// Where the server's own name begins.
        let name: Int
        /// Where pgBackRest's SHA-1 of the content begins, with the `-` before it; the same as ``ending`` without one.
        let digest: Int
        /// Where begins what else follows.
        let ending: Int

        init?(_ path: UnsafeBufferPointer<UInt8>) {
            var start = path.count
            while start > 0, path[start - 1] != UInt8(ascii: "/") { start -= 1 }
            guard let (file, length) = WALFileName.read(UnsafeBufferPointer(rebasing: path[start...])) else {
                return nil
            }
            self.file = file
            name = start
            digest = start + length
            let hasDigest =
                path.count >= digest + 41 && path[digest] == UInt8(ascii: "-")
                && path[(digest + 1)...].prefix(40).allSatisfy(ArchivedFileName.isLowerHexadecimal)
            ending = hasDigest ? digest + 41 : digest
        }
    }

    /// - Returns: `nil` for an ending that no archiving tool gives to what is complete.
    static func packing(_ ending: UnsafeBufferPointer<UInt8>) -> Packing? {
        guard let first = ending.first else { return .readable(.none) }
        guard first == UInt8(ascii: "."), ending.count <= 16 else { return nil }
        let parts = String(decoding: ending.dropFirst(), as: UTF8.self).split(
            separator: ".", omittingEmptySubsequences: false)
        if parts.count == 1, let compression = compressions[parts[0]] { return .readable(compression) }
        guard parts.allSatisfy({ compressions[$0] != nil || opaque.contains($0) }) else { return nil }
        return .opaque(parts.joined(separator: "."))
    }

    private static let compressions: [Substring: Compression] = [
        "gz": .gzip, "zst": .zstd, "lz4": .lz4, "xz": .xz, "bz2": .bzip2,
    ]
    private static let opaque: Set<Substring> = ["lzo", "br", "lzma", "sz", "snappy", "gpg", "age", "enc", "aes"]

    fileprivate static func isLowerHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
