/// The layout of zstd frames (RFC 8878, section 3.1).
struct ZstdFrames: FrameFormat {
    enum Part {
        case descriptor, block, skippableSize
    }

    static let magics: [UInt32] = [0xFD2F_B528, 0x184D_2A50]
    private(set) var isContentFrame = false
    private(set) var hasContentChecksum = false

    mutating func begin(magic: UInt32) -> FrameMove<Part> {
        isContentFrame = magic == 0xFD2F_B528
        if isContentFrame { return .collect(.descriptor, count: 1) }
        return Self.isSkippable(magic) ? .collect(.skippableSize, count: 4) : .lost
    }

    mutating func take(_ part: Part, _ value: UInt64) -> FrameMove<Part> {
        switch part {
        case .skippableSize: return .nextMagic(skipping: value)
        case .descriptor: return takeDescriptor(UInt8(truncatingIfNeeded: value))
        case .block: return takeBlock(value)
        }
    }

    func mayEnd(before part: Part) -> Bool { false }

    private mutating func takeDescriptor(_ descriptor: UInt8) -> FrameMove<Part> {
        let isSingleSegment = descriptor & 0x20 != 0
        hasContentChecksum = descriptor & 0x04 != 0
        let dictionaryID: UInt64 = [0, 1, 2, 4][Int(descriptor & 3)]
        let contentSize: UInt64 = [isSingleSegment ? 1 : 0, 2, 4, 8][Int(descriptor >> 6)]
        return .skip((isSingleSegment ? 0 : 1) + dictionaryID + contentSize, then: .block, count: 3)
    }

    private func takeBlock(_ header: UInt64) -> FrameMove<Part> {
        let isLast = header & 1 != 0
        let type = header >> 1 & 3
        // A run-length block says the length of its content, and holds one byte.
        let size = type == 1 ? 1 : header >> 3
        if type == 3 { return .lost }
        return isLast
            ? .nextMagic(skipping: size + (hasContentChecksum ? 4 : 0)) : .skip(size, then: .block, count: 3)
    }
}
