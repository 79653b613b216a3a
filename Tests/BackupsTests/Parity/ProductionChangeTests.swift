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

    @Test(arguments: cases.indices) func countersTellWhetherItChanged(index: Int) {
        let (samples, changed) = Self.cases[index]
        #expect(ProductionChange.between(Self.first, Self.second, samples: samples) == changed)
    }
}
