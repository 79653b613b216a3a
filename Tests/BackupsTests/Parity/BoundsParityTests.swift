import Backups
import Testing

@Suite struct BoundsParityTests {
    static let table = TableName(schema: "public", name: "t")
    static let snapshot = Timestamp(seconds: 100_000)
    static let counted = Timestamp(seconds: 200_000)

    static func counters(
        _ name: String = "t", inserted: UInt64, deleted: UInt64 = 0, updated: UInt64 = 0, oid: UInt32 = 1,
        file: UInt32 = 1, definition: UInt32 = 1
    ) -> TableCounters {
        TableCounters(
            schema: "public", name: name, oid: oid, relfilenode: file, inserted: inserted, updated: updated,
            deleted: deleted, liveRows: 0, definition: definition)
    }

    static func sample(
        _ seconds: Int64, _ tables: [TableCounters], epoch: String = "e", circumstances: String? = "c"
    ) -> ProductionSample {
        ProductionSample(
            takenAt: Timestamp(seconds: seconds), epoch: epoch, circumstances: circumstances, tables: tables)
    }

    static func state(
        restored: UInt64?, now: UInt64? = 100, _ samples: [ProductionSample], doubt: CountingDoubt? = nil,
        snapshot: Timestamp = Self.snapshot, leftOut: Set<TableName> = []
    ) -> BoundedTable? {
        let outcome = BoundsParity(
            restored: restored.map { [Self.table: $0] } ?? [:], snapshot: snapshot,
            live: .init(rows: now.map { [Self.table: $0] } ?? [:], takenAt: counted), samples: samples, doubt: doubt,
            leftOut: leftOut
        ).compare()
        let table = outcome.tables.first
        #expect(outcome.check.verdict == table?.verdict ?? .inconclusive && outcome.check.name == "rows-bounds")
        #expect((outcome.proof == .bounds) == (table?.verdict == .verified))
        return table
    }

    /// Twenty were inserted and seven deleted since the earliest moment that the data may be of: 80...107.
    static let long = sample(49_540, [counters(inserted: 40, deleted: 3)])
    /// Ten were inserted and five deleted since the moment that the backup states: 90...105.
    static let moved = [
        long, sample(99_940, [counters(inserted: 50, deleted: 5)]),
        sample(200_075, [counters(inserted: 60, deleted: 10)]),
    ]

    @Test(arguments: [90, 100, 105] as [UInt64]) func withinIsVerified(restored: UInt64) {
        let table = Self.state(restored: restored, Self.moved)
        #expect(table?.state == .within(90...105) && table?.proof == .bounds)
    }

    @Test(arguments: [1, 79, 108] as [UInt64]) func outsideIsFailed(restored: UInt64) {
        #expect(Self.state(restored: restored, Self.moved)?.state == .outside(80...107))
    }

    /// The data may be older than the name of the backup says: nothing is held against it that this explains.
    @Test(arguments: [80, 89, 106, 107] as [UInt64]) func aTimeThatIsUncertainFailsNothing(restored: UInt64) {
        #expect(Self.state(restored: restored, Self.moved)?.state == .unknown(.doubtful(90...105, .timeUncertain)))
        let short = Array(Self.moved.dropFirst())
        #expect(Self.state(restored: 1, short)?.state == .unknown(.doubtful(90...105, .timeUncertain)))
    }

    @Test(arguments: [nil, 0] as [UInt64?]) func whatIsMissingMayHaveBeenLeftOut(restored: UInt64?) {
        #expect(
            Self.state(restored: restored, Self.moved)?.state == .unknown(.doubtful(90...105, .mayBeLeftOut)))
    }

    @Test func boundsNeverFallBelowNothing() {
        let samples = [
            Self.sample(1, [Self.counters(inserted: 0)]), Self.sample(200_075, [Self.counters(inserted: 900)]),
        ]
        #expect(Self.state(restored: 0, samples)?.state == .within(0...100))
        let huge = [
            Self.sample(1, [Self.counters(inserted: 0)]),
            Self.sample(200_075, [Self.counters(inserted: 0, deleted: .max)]),
        ]
        #expect(Self.state(restored: 101, huge)?.state == .within(100...(.max)))
    }

    /// Between the last sample before and the first after enough time; others change nothing.
    @Test func theNearestSamplesCount() {
        let samples =
            [Self.sample(1, [Self.counters(inserted: 0)], epoch: "earlier")] + Self.moved.dropFirst()
            + [Self.sample(300_000, [Self.counters(inserted: 5_000)], epoch: "later")]
        #expect(Self.state(restored: 90, samples.reversed())?.state == .within(90...105))
    }

    static let first = sample(99_940, [counters(inserted: 50, deleted: 5, updated: 3)])
    static let unknowns: [(UnknownBound, [ProductionSample])] = [
        (.noSampleBeforeSnapshot, [sample(99_941, [counters(inserted: 1)]), sample(200_075, [counters(inserted: 1)])]),
        (.noSampleAfterCount, [first, sample(200_074, [counters(inserted: 60, deleted: 5, updated: 3)])]),
        (.epochChanged, [first, sample(200_075, [counters(inserted: 60, deleted: 5, updated: 3)], epoch: "f")]),
        (.counterFell, [first, sample(200_075, [counters(inserted: 49, deleted: 5, updated: 3)])]),
        (.counterFell, [first, sample(200_075, [counters(inserted: 50, deleted: 4, updated: 3)])]),
        (.counterFell, [first, sample(200_075, [counters(inserted: 50, deleted: 5, updated: 2)])]),
        (.tableReplaced, [first, sample(200_075, [counters(inserted: 50, deleted: 5, updated: 3, oid: 2)])]),
        (.fileReplaced, [first, sample(200_075, [counters(inserted: 50, deleted: 5, updated: 3, file: 2)])]),
        (.notSampled, [first, sample(200_075, [])]),
        (
            .epochChanged,
            [first, sample(150_000, [], epoch: "f"), sample(200_075, [counters(inserted: 60, deleted: 5, updated: 3)])]
        ),
    ]

    @Test(arguments: unknowns) func unknownIsInconclusive(why: UnknownBound, samples: [ProductionSample]) {
        let table = Self.state(restored: 100, samples)
        #expect(table?.state == .unknown(why) && table?.proof == Proof.none)
        #expect(Self.state(restored: 9, samples)?.state == .unknown(why))
    }

    static let last = sample(200_075, [counters(inserted: 60, deleted: 10)])
    static let doubts: [(CountingDoubt, [ProductionSample])] = [
        (.statisticsMayLose, moved.map { sample($0.takenAt.seconds, $0.tables, circumstances: nil) }),
        (.circumstancesChanged, moved.dropLast() + [sample(200_075, last.tables, circumstances: "d")]),
        (
            .definitionChanged,
            moved.dropLast() + [sample(200_075, [counters(inserted: 60, deleted: 10, definition: 2)])]
        ),
    ]

    /// What was not counted only widens a bound: what lies within is proved, what lies outside is no proof.
    @Test(arguments: doubts) func doubtFailsNothing(doubt: CountingDoubt, samples: [ProductionSample]) {
        #expect(Self.state(restored: 95, samples)?.state == .within(90...105))
        #expect(Self.state(restored: 9, samples)?.state == .unknown(.doubtful(90...105, doubt)))
    }

    @Test func whatSessionsHoldBackFailsNothing() {
        let moment = Timestamp(seconds: 200_011)
        let activities: [(SessionActivity, CountingDoubt?)] = [
            (SessionActivity(isVisible: true), nil),
            (SessionActivity(isVisible: true, oldestWork: Timestamp(seconds: 200_012)), nil),
            (SessionActivity(isVisible: true, oldestWork: moment), .workSince(moment)),
            (SessionActivity(isVisible: false), .sessionsHidden),
            (SessionActivity(isVisible: true, foreignWorker: "cron"), .foreignWorker("cron")),
        ]
        for (activity, doubt) in activities {
            #expect(activity.doubt(countedAt: Self.counted) == doubt)
            let table = Self.state(restored: 9, Self.moved, doubt: activity.doubt(countedAt: Self.counted))
            #expect(table?.verdict == (doubt == nil ? .failed : .inconclusive))
        }
    }

    @Test func countMustComeAfterTheSnapshot() {
        let table = Self.state(restored: 100, Self.moved, snapshot: Timestamp(seconds: 200_001))
        #expect(table?.state == .unknown(.countedBeforeSnapshot))
    }

    /// Tables that one side lacks are a matter of the schema: no guess.
    @Test func whatOneSideLacksIsToldAndNotJudged() {
        let (other, third) = (TableName(schema: "public", name: "u"), TableName(schema: "public", name: "v"))
        #expect(Self.state(restored: 1, now: nil, Self.moved)?.state == .apart(.dropped))
        func outcome(_ restored: [TableName: UInt64]) -> BoundsParity.Outcome {
            BoundsParity(
                restored: restored, snapshot: Self.snapshot,
                live: .init(rows: [Self.table: 100, third: 7], takenAt: Self.counted), samples: Self.moved
            ).compare()
        }
        let grown = outcome([Self.table: 100])
        #expect(grown.tables.map(\.state) == [.within(90...105), .apart(.created)])
        #expect(grown.check.verdict == .verified && grown.proof == .bounds)
        let shrunk = outcome([Self.table: 100, other: 1])
        #expect(shrunk.tables.map(\.state) == [.within(90...105), .apart(.dropped), .apart(.created)])
        // The verdict's proof is that of the weakest table of the backup.
        #expect(shrunk.check.verdict == .verified && shrunk.proof == .itself)
        #expect(Self.state(restored: 5, Self.moved, leftOut: [Self.table])?.state == .apart(.leftOut))
    }

    @Test func oneUnknownTableLeavesTheOthersProved() {
        let other = TableName(schema: "public", name: "u")
        let outcome = BoundsParity(
            restored: [Self.table: 100, other: 1], snapshot: Self.snapshot,
            live: .init(rows: [Self.table: 100, other: 1], takenAt: Self.counted), samples: Self.moved
        ).compare()
        #expect(outcome.tables.map(\.proof) == [.bounds, .none])
        #expect(outcome.check.verdict == .inconclusive && outcome.check.reason == .boundsUnknown)
        let known = [Self.table, other].map {
            TableResult(name: $0, dumpRows: 1, restoredRows: 1, referenceRows: nil, proof: .itself)
        }
        let results = outcome.results(over: known)
        #expect(results.map(\.proof) == [.bounds, .itself] && results.map(\.bounds) == [90...105, nil])
        #expect(results.map(\.referenceRows) == [100, nil])
    }

    /// A dump under the root's name is held against the sum of the leaves.
    @Test(arguments: [(14 as UInt64, Verdict.failed), (15, .verified), (22, .verified), (23, .failed)])
    func familiesAreSummed(restored: UInt64, verdict: Verdict) {
        let name = { TableName(schema: "public", name: $0) }
        let families = TableFamilies(roots: [name("a"): name("root"), name("b"): name("root")])
        let outcome = BoundsParity(
            restored: [name("a"): 0, name("b"): restored], dump: [name("root"): restored], families: families,
            snapshot: Self.snapshot, live: .init(rows: [name("a"): 10, name("b"): 10], takenAt: Self.counted),
            samples: [
                Self.sample(1, [Self.counters("a", inserted: 0), Self.counters("b", inserted: 0)]),
                Self.sample(
                    200_075, [Self.counters("a", inserted: 5), Self.counters("b", inserted: 0, deleted: 2)]),
            ]
        ).compare()
        #expect(outcome.tables.map(\.name) == [name("root")])
        #expect(outcome.check.verdict == verdict)
    }

    @Test func nothingToCompareProvesNothing() {
        let outcome = BoundsParity(
            restored: [:], snapshot: Self.snapshot, live: .init(rows: [:], takenAt: Self.counted), samples: Self.moved
        ).compare()
        #expect(outcome.check.verdict == .inconclusive && outcome.check.reason == .boundsUnknown)
        #expect(outcome.proof == .itself)
    }
}
