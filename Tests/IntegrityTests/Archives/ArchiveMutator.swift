/// Damages bytes in the ways that disks, networks and hands do; the same seed, the same damage.
struct ArchiveMutator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    /// xorshift64*.
    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }

    /// One to four damages; sometimes none that shows.
    mutating func mutate(_ original: [UInt8]) -> [UInt8] {
        var bytes = original
        for _ in 0...Int.random(in: 0...3, using: &self) where !bytes.isEmpty { damage(&bytes) }
        return bytes
    }

    private mutating func damage(_ bytes: inout [UInt8]) {
        let at = Int.random(in: 0..<bytes.count, using: &self)
        let length = min(Int.random(in: 1...64, using: &self), bytes.count - at)
        switch Int.random(in: 0..<8, using: &self) {
        case 0, 1: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &self)
        case 2: bytes[at] = UInt8.random(in: 0...255, using: &self)
        case 3: bytes.removeSubrange(at..<(at + length))
        case 4: bytes.insert(contentsOf: bytes[at..<(at + length)], at: Int.random(in: 0...bytes.count, using: &self))
        case 5:
            for index in at..<(at + min(length, 5)) {
                bytes[index] = [0, 0x7F, 0x80, 0xFF].randomElement(using: &self) ?? 0
            }
        case 6: bytes.removeSubrange(at...)
        default:
            let other = Int.random(in: 0..<bytes.count, using: &self)
            bytes.swapAt(at, other)
        }
    }
}
