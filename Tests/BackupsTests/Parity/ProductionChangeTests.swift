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
        ([sample(12_000, 1), sample(15_000, 2)], true),
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

    /// What two samples between the moments count, and whether a dump must have other lines for it.
    static let writings: [(before: TableCounters, after: TableCounters, changed: Bool?)] = [
        (counters(3, 0, 0), counters(4, 0, 0), true), (counters(3, 0, 0), counters(3, 0, 1), true),
        (counters(3, 0, 0), counters(9, 5, 5), true),
        // A heartbeat writes values of the same width.
        (counters(3, 0, 0), counters(3, 90, 0), nil),
        // A queue: what came is gone again.
        (counters(3, 0, 0), counters(13, 0, 10), nil),
        // VACUUM FULL, or TRUNCATE of what may have been empty.
        (counters(3, 0, 0), counters(3, 0, 0, file: 2), nil),
        // Made anew: it counts anew.
        (counters(3, 0, 0), counters(1, 0, 0, oid: 2), nil), (counters(3, 0, 0), counters(1, 0, 0), nil),
    ]

    private static func counters(
        _ inserted: UInt64, _ updated: UInt64, _ deleted: UInt64, file: UInt32 = 1, oid: UInt32 = 1
    ) -> TableCounters {
        TableCounters(
            schema: "public", name: "t", oid: oid, relfilenode: file, inserted: inserted, updated: updated,
            deleted: deleted, liveRows: 0)
    }

    @Test(arguments: writings.indices) func onlyOtherRowsAreClaimed(index: Int) {
        let (before, after, changed) = Self.writings[index]
        func sample(_ seconds: Int64, _ table: TableCounters) -> ProductionSample {
            ProductionSample(takenAt: Timestamp(seconds: seconds), epoch: "e", circumstances: "c", tables: [table])
        }
        let samples = [sample(9_000, before), sample(12_000, before), sample(15_000, after), sample(20_100, after)]
        #expect(Self.answer(samples) == changed)
        #expect(Self.answer([sample(9_000, before), sample(20_100, before)]) == false)
        // Nor does what is there for a while only.
        let more = Self.counters(before.inserted + 5, 0, 0)
        let less = Self.counters(before.inserted + 5, 0, 5)
        #expect(Self.answer([sample(12_000, before), sample(13_000, more), sample(14_000, less)]) == nil)
        #expect(Self.answer([sample(12_000, before), sample(13_000, more)]) == true)
    }

    /// What is decided reads nothing more.
    @Test func itEndsWhenItIsDecided() {
        func read(_ samples: [ProductionSample]) -> Int {
            var change = ProductionChange(between: Self.first, Self.second)
            return 1 + samples.prefix { change.add($0) }.count
        }
        #expect(
            read([Self.sample(9_000, 1), Self.sample(12_000, 2), Self.sample(20_100, 2), Self.sample(20_400, 2)]) == 3)
        #expect(read([Self.sample(9_000, 1), Self.sample(20_100, 1), Self.sample(20_400, 1)]) == 2)
    }
}
