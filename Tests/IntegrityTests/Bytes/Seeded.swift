/// Random numbers that are the same for the same seed (SplitMix64).
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Something like a dump: words, numbers, runs of random bytes.
    mutating func text(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 64)
        while bytes.count < count {
            switch Int.random(in: 0..<6, using: &self) {
            case 0:
                bytes += (0..<Int.random(in: 1...40, using: &self)).map { _ in UInt8.random(in: 0...255, using: &self) }
            case 1: bytes += Array(repeating: UInt8(ascii: "x"), count: Int.random(in: 1...600, using: &self))
            default: bytes += Array("\(UInt32.random(in: 0...99_999, using: &self))\tcustomer\t\\N\n".utf8)
            }
        }
        return Array(bytes.prefix(count))
    }
}
