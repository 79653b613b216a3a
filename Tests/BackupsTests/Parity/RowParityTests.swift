import Backups
import Testing

@Suite struct RowParityTests {
    static let a = TableName(schema: "public", name: "a")
    static let b = TableName(schema: "public", name: "b")
    static let root = TableName(schema: "public", name: "root")
    static let one = TableName(schema: "public", name: "one")
    static let two = TableName(schema: "public", name: "two")
    static let families = TableFamilies(roots: [one: root, two: root])

    @Test func equalRowsAreVerified() {
        let outcome = RowParity(dump: [Self.a: 3, Self.b: 0], restored: [Self.a: 3, Self.b: 0]).compare()
        #expect(outcome.checks.map(\.verdict) == [.verified])
        #expect(outcome.tables.map(\.proof) == [.itself, .itself])
    }

    @Test(
        arguments: [
            [a: 2, b: 0], [a: 3], [a: 3, b: 1], [:],
        ] as [[TableName: UInt64]])
    func otherRowsFail(_ restored: [TableName: UInt64]) {
        let outcome = RowParity(dump: [Self.a: 3, Self.b: 0], restored: restored).compare()
        #expect(outcome.checks.map(\.reason) == [.rowsDiffer])
        #expect(outcome.checks.map(\.verdict) == [.failed])
        #expect(outcome.tables.contains { $0.proof == .none })
    }

    @Test func leavesCompareOneByOneUnlessTheDumpNamesTheRoot() {
        let restored: [TableName: UInt64] = [Self.one: 2, Self.two: 5]
        let byLeaf = RowParity(
            dump: [Self.root: 0, Self.one: 2, Self.two: 5], restored: restored, families: Self.families)
        #expect(byLeaf.compare().checks.map(\.verdict) == [.verified])
        #expect(byLeaf.compare().tables.map(\.name) == [Self.one, Self.two])
        let swapped = RowParity(
            dump: [Self.root: 0, Self.one: 5, Self.two: 2], restored: restored, families: Self.families)
        #expect(swapped.compare().checks.map(\.verdict) == [.failed])
        let byRoot = RowParity(
            dump: [Self.root: 7, Self.one: 0, Self.two: 0], restored: restored, families: Self.families)
        #expect(byRoot.compare().checks.map(\.verdict) == [.verified])
        #expect(byRoot.compare().tables.map(\.restoredRows) == [7])
        let lost = RowParity(
            dump: [Self.root: 8, Self.one: 0, Self.two: 0], restored: restored, families: Self.families)
        #expect(lost.compare().checks.map(\.verdict) == [.failed])
    }

    @Test func selectionComparesWhatWasRestored() {
        let parity = RowParity(dump: [Self.a: 3, Self.b: 4], restored: [Self.a: 3], selection: [Self.a])
        #expect(parity.compare().checks.map(\.verdict) == [.verified])
        #expect(parity.compare().tables.map(\.name) == [Self.a])
    }

    /// What a table needs may have been left out; rows that differ in one that is there are the dump's.
    @Test(arguments: [([:], Verdict.inconclusive), ([a: 0], .inconclusive), ([a: 2], .failed), ([a: 3], .verified)])
    func aSelectionMayNeedTheRest(_ restored: [TableName: UInt64], _ verdict: Verdict) {
        let parity = RowParity(dump: [Self.a: 3], restored: restored, selection: [Self.a])
        #expect(parity.compare().checks.map(\.verdict) == [verdict])
    }

    /// An extension's own rows come on top of the dump's; where they are unknown, the table is told and not compared.
    @Test func rowsOfExtensionsAreNotTheDumps() {
        var parity = RowParity(dump: [Self.a: 3, Self.b: 1], restored: [Self.a: 3, Self.b: 51])
        #expect(parity.compare().checks.map(\.verdict) == [.failed])
        parity.filled = [Self.b: 50]
        #expect(parity.compare().checks.map(\.verdict) == [.verified])
        parity.filled = [Self.b: 49]
        #expect(parity.compare().checks.map(\.verdict) == [.failed])
        (parity.filled, parity.unjudged) = ([:], [Self.b])
        let open = parity.compare()
        #expect(open.checks.map(\.verdict) == [.verified])
        #expect(open.checks.first?.message.contains("1 table of extensions not compared") == true)
        #expect(open.tables.map(\.proof) == [.itself, .none])
    }

    /// Without a stated drift a difference from a live database is a question, with one it is an answer.
    @Test(
        arguments: [
            (100, nil, Verdict.verified), (101, nil, .inconclusive), (101, "1", .verified), (102, "1", .failed),
            (99, "1%", .verified), (90, "1%", .failed), (100, "0", .verified), (101, "0", .failed),
        ] as [(UInt64, String?, Verdict)])
    func driftDecides(_ live: UInt64, _ drift: String?, _ verdict: Verdict) throws {
        let parity = RowParity(
            dump: [Self.a: 100], restored: [Self.a: 100],
            reference: .live([Self.a: live], drift.flatMap { Drift.parse($0) }))
        let outcome = parity.compare()
        #expect(outcome.checks.first?.verdict == .verified)
        #expect(outcome.checks.last?.verdict == verdict)
        #expect(outcome.tables.first?.proof == (verdict == .verified ? .bounds : Proof.none))
    }

    @Test func rowsThatCannotBeCountedInTheDumpAreHeldByAManifestAlone() throws {
        let restored: [TableName: UInt64] = [Self.a: 2, Self.b: 1]
        let alone = RowParity(dump: [Self.b: 1], uncounted: [Self.a], restored: restored).compare()
        #expect(alone.checks.map(\.verdict) == [.inconclusive])
        #expect(alone.checks.first?.details == ["public.a: 2 restored, no count in the dump"])
        #expect(alone.tables.map(\.proof) == [.none, .itself])
        let lost = RowParity(dump: [Self.b: 2], uncounted: [Self.a], restored: restored).compare()
        #expect(lost.checks.map(\.verdict) == [.failed])
        var manifest = try ManifestTests.make()
        manifest.tables = [Manifest.Table(name: Self.a, rows: 2), Manifest.Table(name: Self.b, rows: 1)]
        let held = RowParity(
            dump: [Self.b: 1], uncounted: [Self.a], restored: restored, reference: .manifest(manifest))
        #expect(held.compare().checks.map(\.verdict) == [.verified, .verified])
        #expect(held.compare().tables.map(\.proof) == [.manifest, .manifest])
        manifest.tables[0].rows = 3
        let differs = RowParity(
            dump: [Self.b: 1], uncounted: [Self.a], restored: restored, reference: .manifest(manifest))
        #expect(differs.compare().checks.map(\.verdict) == [.verified, .failed])
    }

    @Test func leavesOfARootThatCannotBeCountedAreUnknown() {
        let restored: [TableName: UInt64] = [Self.one: 2, Self.two: 5]
        let root = RowParity(
            dump: [Self.one: 0, Self.two: 0], uncounted: [Self.root], restored: restored, families: Self.families)
        #expect(root.compare().checks.map(\.verdict) == [.inconclusive])
        let leaf = RowParity(
            dump: [Self.root: 3], uncounted: [Self.one], restored: restored, families: Self.families)
        #expect(leaf.compare().checks.map(\.verdict) == [.inconclusive])
    }

    @Test func manifestIsExact() throws {
        var manifest = try ManifestTests.make()
        manifest.tables = [Manifest.Table(name: Self.a, rows: 3)]
        let equal = RowParity(
            dump: [Self.a: 3, Self.b: 1], restored: [Self.a: 3, Self.b: 1], reference: .manifest(manifest))
        #expect(equal.compare().checks.map(\.verdict) == [.verified, .verified])
        #expect(equal.compare().tables.map(\.proof) == [.manifest, .itself])
        #expect(equal.compare().namedInManifest == 1 && equal.compare().unnamedInManifest == 1)
        let known = RowParity(
            dump: [Self.a: 3, Self.b: 1], restored: [Self.a: 3, Self.b: 1], extensionTables: [Self.b],
            reference: .manifest(manifest))
        #expect(known.compare().unnamedInManifest == 0)
        manifest.tables = [Manifest.Table(name: Self.a, rows: 4)]
        let lost = RowParity(dump: [Self.a: 3], restored: [Self.a: 3], reference: .manifest(manifest))
        #expect(lost.compare().checks.map(\.verdict) == [.verified, .failed])
        manifest.tables = [Manifest.Table(name: Self.b, rows: 0)]
        let missing = RowParity(dump: [Self.a: 3], restored: [Self.a: 3], reference: .manifest(manifest))
        #expect(missing.compare().checks.last?.verdict == .failed)
    }

    @Test(
        arguments: [
            ("0.1%", Drift.share(millionths: 1000)), ("5%", .share(millionths: 50_000)),
            ("100%", .share(millionths: 1_000_000)),
            ("0.0001%", .share(millionths: 1)), ("12", .rows(12)), ("0", .rows(0)),
        ] as [(String, Drift)])
    func driftReadsWhatItWrites(_ text: String, _ drift: Drift) {
        #expect(Drift.parse(text) == drift)
    }

    @Test(arguments: ["", "%", "-1", "101%", "1.%", ".5%", "0.00001%", "1,5%", "x", "100.5%"])
    func driftRefuses(_ text: String) {
        #expect(Drift.parse(text) == nil)
    }

    @Test func sequenceMayStandWhereItWasMeanwhile() {
        let at = { SequencePosition(lastValue: $0, isCalled: true) }
        let still = [Manifest.Sequence(name: Self.a, before: at(5), after: at(5))]
        let moved = [Manifest.Sequence(name: Self.a, before: at(5), after: at(9))]
        #expect(SequenceParity.compare(still, restored: [Self.a: at(5)]).verdict == .verified)
        #expect(SequenceParity.compare(still, restored: [Self.a: at(4)]).verdict == .failed)
        #expect(
            SequenceParity.compare(still, restored: [Self.a: SequencePosition(lastValue: 5, isCalled: false)]).verdict
                == .failed)
        #expect(SequenceParity.compare(moved, restored: [Self.a: at(7)]).verdict == .verified)
        #expect(SequenceParity.compare(moved, restored: [Self.a: at(10)]).verdict == .failed)
        #expect(SequenceParity.compare(moved, restored: [:]).verdict == .failed)
    }
}
