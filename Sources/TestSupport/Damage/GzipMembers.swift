/// Several gzip members in one file (RFC 1952, 2.2), as `cat a.gz b.gz` makes them.
package struct GzipMembers: Sendable {
    /// The members' bytes, in order.
    package let members: [[UInt8]]

    /// Cuts `content` into `count` pieces and compresses each with gzip.
    package init(of content: [UInt8], count: Int) throws {
        let directory = try TemporaryDirectory()
        let size = (content.count + count - 1) / max(count, 1)
        members = try (0..<count).map { index in
            let path = directory.file("\(index)")
            try TestFile.write(Array(content.dropFirst(index * size).prefix(size)), to: path)
            return try TestFile.read(Compressor.gzip.compress(path))
        }
    }

    package var bytes: [UInt8] { members.flatMap { $0 } }

    /// The file without one member.
    package func dropping(_ index: Int) -> [UInt8] {
        members.enumerated().filter { $0.offset != index }.flatMap(\.element)
    }

    /// The trailer of a gzip file is CRC-32 and length, four bytes each (RFC 1952, 2.3.1).
    package static func wrongLength(_ gzip: [UInt8]) -> [UInt8] {
        Damage.flipBit(UInt64(gzip.count - 4) * 8).applied(to: gzip)
    }

    package static func wrongChecksum(_ gzip: [UInt8]) -> [UInt8] {
        Damage.flipBit(UInt64(gzip.count - 8) * 8).applied(to: gzip)
    }
}
