/// The part that is the same for zstd and lz4: collects the few bytes of each header, skips what lies between.
struct FrameWalker<Format: FrameFormat>: MemberScanner {
    private var format = Format()
    private(set) var facts = MemberFacts()
    private var step: FrameStep<Format.Part> = .magic
    /// Bytes of the present step that have come so far, and how many it takes.
    private var collected: [UInt8] = []
    private var needed = 4
    private var left: UInt64 = 0
    private var offset: UInt64 = 0
    private var memberStart: UInt64 = 0

    init() {}

    mutating func scan(_ bytes: UnsafeRawBufferPointer) {
        var position = 0
        while position < bytes.count {
            if left > 0 {
                let skipped = Int(min(left, UInt64(bytes.count - position)))
                left -= UInt64(skipped)
                position += skipped
                offset += UInt64(skipped)
                continue
            }
            if case .lost = step { return }
            if collected.isEmpty, case .magic = step { memberStart = offset }
            collected.append(bytes[position])
            position += 1
            offset += 1
            if collected.count == needed { take() }
        }
    }

    private mutating func take() {
        let value = collected.enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << UInt64(8 * $1.offset) }
        collected.removeAll(keepingCapacity: true)
        let next: FrameMove<Format.Part>
        switch step {
        case .magic: next = format.begin(magic: UInt32(truncatingIfNeeded: value))
        case .part(let part): next = format.take(part, value)
        case .lost: return
        }
        switch next {
        case .collect(let part, let count):
            if case .magic = step, format.isContentFrame { facts.count += 1 }
            step = .part(part)
            needed = count
        case .nextMagic(let skipping):
            if format.isContentFrame, !format.hasContentChecksum { facts.allHaveChecksum = false }
            (step, needed, left) = (.magic, 4, skipping)
        case .skip(let count, let part, let thenCount):
            (step, needed, left) = (.part(part), thenCount, count)
        case .lost: step = .lost
        }
    }

    var verdict: MemberVerdict {
        if left > 0 { return .cut(start: memberStart) }
        switch step {
        case .magic where collected.isEmpty: return facts.count > 0 ? .whole : .lost
        case .magic: return Format.isPrefixOfMagic(collected) ? .cut(start: memberStart) : .trailing(start: memberStart)
        case .part(let part) where collected.isEmpty && format.mayEnd(before: part): return .whole
        case .part: return .cut(start: memberStart)
        case .lost: return facts.count > 0 && offset == memberStart + 4 ? .trailing(start: memberStart) : .lost
        }
    }
}

enum FrameStep<Part> {
    case magic
    case part(Part)
    case lost
}

/// What to do after a piece of a header was understood. Pieces are at most 8 bytes, little-endian.
enum FrameMove<Part> {
    case collect(Part, count: Int)
    case skip(UInt64, then: Part, count: Int)
    /// The frame is at its end after `skipping` bytes more.
    case nextMagic(skipping: UInt64)
    case lost
}

protocol FrameFormat {
    associatedtype Part
    init()
    /// The frame at hand has content, and says whether it has a checksum.
    var isContentFrame: Bool { get }
    var hasContentChecksum: Bool { get }
    mutating func begin(magic: UInt32) -> FrameMove<Part>
    mutating func take(_ part: Part, _ value: UInt64) -> FrameMove<Part>
    /// The file may end before `part`.
    func mayEnd(before part: Part) -> Bool
    static var magics: [UInt32] { get }
}

extension FrameFormat {
    static func isPrefixOfMagic(_ bytes: [UInt8]) -> Bool {
        magics.contains { magic in
            bytes.enumerated().allSatisfy { UInt8(truncatingIfNeeded: magic >> UInt32(8 * $0.offset)) == $0.element }
        }
    }

    /// The 16 magic numbers of frames to be skipped, of zstd and lz4 alike.
    static func isSkippable(_ magic: UInt32) -> Bool { magic & 0xFFFF_FFF0 == 0x184D_2A50 }
}
