/// Several compressed files in one, as `cat a.gz b.gz` makes them: members of gzip (RFC 1952, 2.2), frames of zstd and lz4,
/// streams of xz and bzip2.
package struct CompressedMembers: Sendable {
    /// The members' bytes, in order.
    package let members: [[UInt8]]

    /// Cuts `content` into `count` pieces and compresses each.
    /// - Parameter cut: a place to cut at, less than the number that it is given; `nil` for pieces of one size.
    package init(
        of content: [UInt8], count: Int, by compressor: Compressor = .gzip, cut: ((Int) -> Int)? = nil
    ) throws {
        let directory = try TemporaryDirectory()
        let size = (content.count + count - 1) / max(count, 1)
        var places = (1..<count).map { cut?(content.count) ?? min($0 * size, content.count) }
        places = [0] + places.sorted() + [content.count]
        members = try zip(places, places.dropFirst()).enumerated().map { index, ends in
            let path = directory.file("\(index)")
            try TestFile.write(Array(content[ends.0..<ends.1]), to: path)
            return try TestFile.read(compressor.compress(path))
        }
    }

    package var bytes: [UInt8] { members.flatMap { $0 } }

    /// The file without one member.
    package func dropping(_ index: Int) -> [UInt8] { dropping([index]) }

    /// The file without some of its members.
    package func dropping(_ indices: Set<Int>) -> [UInt8] {
        members.enumerated().filter { !indices.contains($0.offset) }.flatMap(\.element)
    }
}
