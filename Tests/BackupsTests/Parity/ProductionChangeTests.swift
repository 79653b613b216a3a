import Backups
import Testing

@Suite struct ProductionChangeTests {
    static let (first, second) = (Timestamp(seconds: 10_000), Timestamp(seconds: 20_000))

    static func sample(
        _ seconds: Int64, _ inserted: UInt64, file: UInt32 = 1, epoch: String = "e", circumstances: String? = "c"
    ) -> ProductionSample {
        BoundsParityTests.sample(
            seconds, [BoundsParityTests.counters(inserted: inserted, file: file)], epoch: epoch,
            circumstances: circumstances)
    }

    static let cases: [(samples: [ProductionSample], changed: Bool?)] = [
        // Something between the two moments, and something just outside of them.
        ([sample(9_000, 1), sample(12_000, 1), sample(15_000, 2), sample(20_100, 2)], true),
        ([sample(12_000, 1), sample(15_000, 1, file: 2)], true),
        ([sample(9_000, 1), sample(12_000, 1), sample(15_000, 1), sample(20_100, 1)], false),
        ([sample(9_900, 1), sample(20_075, 1)], false),
        ([sample(9_900, 1), sample(20_074, 1)], nil),
        ([sample(9_926, 1), sample(20_100, 1)], nil),
        // It may have been before the first moment, or after the second.
        ([sample(9_000, 1), sample(12_000, 2), sample(15_000, 2), sample(20_100, 2)], nil),
        ([sample(9_000, 1), sample(12_000, 1), sample(15_000, 1), sample(20_100, 2)], nil),
        ([sample(9_000, 1), sample(10_070, 1), sample(15_000, 2), sample(20_100, 2)], nil),
        // Counters that began anew, or that may not have counted, tell nothing.
        ([sample(9_000, 1), sample(12_000, 1), sample(15_000, 2, epoch: "f"), sample(20_100, 2, epoch: "f")], nil),
        ([sample(9_000, 1), sample(20_100, 1, epoch: "f")], nil),
        ([sample(9_000, 1, circumstances: nil), sample(20_100, 1, circumstances: nil)], nil),
        ([sample(9_000, 1), sample(20_100, 1, circumstances: "d")], nil),
        ([], nil),
    ]

    private static func answer(_ samples: [ProductionSample]) -> Bool? {
        var change = ProductionChange(between: first, second)
        _ = samples.allSatisfy { change.add($0) }
        return change.answer
    }

    @Test(arguments: cases.indices) func countersTellWhetherItChanged(index: Int) {
        let (samples, changed) = Self.cases[index]
        #expect(Self.answer(samples) == changed)
    }

    /// A rename moves a table within a sample; what was written is the same.
    @Test func theOrderOfTablesDoesNotMatter() {
        func sample(_ seconds: Int64, _ names: [(String, UInt32)], inserted: UInt64 = 1) -> ProductionSample {
            BoundsParityTests.sample(
                seconds, names.map { BoundsParityTests.counters($0.0, inserted: inserted, oid: $0.1) })
        }
        let before = sample(9_000, [("a", 1), ("b", 2)])
        #expect(Self.answer([before, sample(20_100, [("b", 2), ("z", 1)])]) == false)
        #expect(Self.answer([before, sample(20_100, [("b", 2), ("z", 3)])]) == nil)
        #expect(Self.answer([before, sample(20_100, [("b", 2)])]) == nil)
    }

    /// What is decided reads nothing more.
    @Test func itEndsWhenItIsDecided() {
        func read(_ samples: [ProductionSample]) -> Int {
            var change = ProductionChange(between: Self.first, Self.second)
            return 1 + samples.prefix { change.add($0) }.count
        }
        let changed = [Self.sample(9_000, 1), Self.sample(12_000, 1), Self.sample(12_300, 2)]
        #expect(read(changed + (0..<100).map { Self.sample(13_000 + $0, 3) }) == 3)
        #expect(read([Self.sample(9_000, 1), Self.sample(20_100, 1), Self.sample(20_400, 1)]) == 2)
    }
}
