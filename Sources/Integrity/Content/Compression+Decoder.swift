internal import Backups

extension Compression {
    /// A decoder of all of `source`.
    func makeDecoder(_ source: any ChunkSource) throws -> any ContentDecoder {
        switch self {
        case .none: PassThrough(ByteInput(source))
        case .gzip: GzipDecoder(ByteInput(source))
        case .zstd, .xz, .bzip2, .lz4: try ArchiveDecoder(source, self)
        }
    }
}

/// Content that is not compressed.
final class PassThrough: ContentDecoder {
    private let input: ByteInput
    let members = MemberFacts(count: 0, allHaveChecksum: false)

    init(_ input: ByteInput) {
        self.input = input
    }

    func decode(into output: UnsafeMutableRawBufferPointer) throws -> Int {
        var produced = 0
        while produced < output.count, try input.fill() {
            let given = input.remaining.prefix(output.count - produced)
            UnsafeMutableRawBufferPointer(rebasing: output[produced...]).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: given))
            produced += given.count
            input.advance(by: given.count)
        }
        return produced
    }
}
