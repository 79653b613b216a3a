/// The layout of lz4 frames (lz4 1.9.4 doc/lz4_Frame_format.md), and of the legacy ones, which say nothing of themselves
/// and have no end but the file's.
struct LZ4Frames: FrameFormat {
    enum Part {
        case flags, block, legacyBlock, skippableSize
    }

    static let magics: [UInt32] = [0x184D_2204, 0x184C_2102, 0x184D_2A50]
    private(set) var isContentFrame = false
    private(set) var hasContentChecksum = false
    private var hasBlockChecksum = false

    mutating func begin(magic: UInt32) -> FrameMove<Part> {
        isContentFrame = magic == 0x184D_2204 || magic == 0x184C_2102
        hasContentChecksum = false
        switch magic {
        case 0x184D_2204: return .collect(.flags, count: 2)
        case 0x184C_2102: return .collect(.legacyBlock, count: 4)
        default: return Self.isSkippable(magic) ? .collect(.skippableSize, count: 4) : .lost
        }
    }

    mutating func take(_ part: Part, _ value: UInt64) -> FrameMove<Part> {
        switch part {
        case .skippableSize: return .nextMagic(skipping: value)
        case .legacyBlock:
            return .skip(value, then: .legacyBlock, count: 4)
        case .flags:
            hasBlockChecksum = value & 0x10 != 0
            hasContentChecksum = value & 0x04 != 0
            let contentSize: UInt64 = value & 0x08 != 0 ? 8 : 0
            let dictionaryID: UInt64 = value & 0x01 != 0 ? 4 : 0
            return .skip(contentSize + dictionaryID + 1, then: .block, count: 4)
        case .block:
            if value == 0 { return .nextMagic(skipping: hasContentChecksum ? 4 : 0) }
            return .skip((value & 0x7FFF_FFFF) + (hasBlockChecksum ? 4 : 0), then: .block, count: 4)
        }
    }

    func mayEnd(before part: Part) -> Bool { part == .legacyBlock }
}
