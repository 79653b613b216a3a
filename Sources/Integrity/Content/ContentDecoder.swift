/// Takes compressed bytes from its input and gives the content, in order. One thread at a time.
protocol ContentDecoder: AnyObject {
    /// Fills `output` with the next bytes of content.
    /// - Returns: how many: all of `output`, or fewer at the end of the content; 0 only there.
    /// - Throws: ``ContentDamage`` when the bytes are not what their format says, ``Obstacle`` from its input.
    func decode(into output: UnsafeMutableRawBufferPointer) throws -> Int
    /// What is known of the members so far; complete once the content is at its end.
    var members: MemberFacts { get }
}

/// What the compressed stream says of itself.
struct MemberFacts: Sendable, Equatable {
    /// gzip members, zstd or lz4 frames, xz or bzip2 streams.
    var count = 0
    /// Every one of them carries a checksum of its whole content, which was compared.
    var allHaveChecksum = true
}
