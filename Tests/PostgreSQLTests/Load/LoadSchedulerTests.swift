import Backups
import Integrity
import Testing

@testable import PostgreSQL

/// The graph and its scheduler, without any server.
@Suite struct LoadSchedulerTests {
    /// SplitMix64: the same plans on every machine.
    struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    static func table(_ number: Int) -> TableName { TableName(schema: "public", name: "t\(number)") }

    static func entry(_ kind: PlanEntry.Kind, at offset: Int, _ text: String = "") -> PlanEntry {
        PlanEntry(
            kind: kind, location: SourceLocation(offset: UInt64(offset), line: UInt64(offset + 1)), length: 1,
            text: Array(text.utf8), context: 0)
    }

    static func randomPlan(_ random: inout Seeded) -> LoadPlan {
        let count = Int.random(in: 1...120, using: &random)
        let entries = (0..<count).map { index -> PlanEntry in
            let one = table(Int.random(in: 0..<8, using: &random))
            let other = table(Int.random(in: 0..<8, using: &random))
            let block = CopyBlock(table: one, dataOffset: 0, dataLength: UInt64.random(in: 0..<1000, using: &random))
            let kinds: [PlanEntry.Kind] = [
                .copy(block), .copy(block), .statement(.createIndex(one, index: nil)),
                .statement(.createIndex(one, index: nil)), .statement(.addConstraint(one, name: nil)),
                .statement(.addForeignKey(one, references: other)), .statement(.alterTable(one)),
                .statement(.attachPartition(parent: one, child: other)),
                .statement(.attachIndex(parent: one, child: other)), .bulk(BulkRun(rows: [one: 3], statements: 3)),
                .statement(.comment), .setting, .statement(.barrier),
            ]
            return entry(kinds[Int.random(in: 0..<kinds.count, using: &random)], at: index)
        }
        return LoadPlan(entries: entries)
    }

    @Test(arguments: 0..<200)
    func neverRunsTwoThatConflictAndKeepsTheirOrder(seed: Int) throws {
        var random = Seeded(state: UInt64(seed))
        let plan = Self.randomPlan(&random)
        let graph = LoadGraph(plan, in: plan.entries.indices)
        var scheduler = LoadScheduler(graph)
        var running: [Int] = []
        var finished: [Int] = []
        var alone: Set<Int> = []
        var tries: [Int: Int] = [:]
        let jobs = Int.random(in: 1...5, using: &random)
        loop: while true {
            if running.count < jobs {
                switch scheduler.next() {
                case .run(let node):
                    try #require(alone.isDisjoint(with: running))
                    for other in running { #expect(!graph.nodes[node].conflicts(with: graph.nodes[other])) }
                    tries[node, default: 0] += 1
                    running.append(node)
                    continue
                case .runAlone(let node):
                    #expect(running.isEmpty)
                    #expect(Set(0..<node).isSubset(of: finished))
                    tries[node, default: 0] += 1
                    alone.insert(node)
                    running.append(node)
                    continue
                case .wait: try #require(!running.isEmpty, "nothing runs and nothing can start")
                case .finished: break loop
                }
            }
            let node = running.remove(at: Int.random(in: 0..<running.count, using: &random))
            if !alone.contains(node), Int.random(in: 0..<6, using: &random) == 0 {
                scheduler.fail(node)
            } else {
                scheduler.complete(node)
                finished.append(node)
            }
        }
        #expect(finished.sorted() == Array(graph.nodes.indices))
        #expect(tries.values.allSatisfy { $0 <= 2 })
        let order = Dictionary(uniqueKeysWithValues: finished.enumerated().map { ($1, $0) })
        for later in graph.nodes.indices {
            for earlier in 0..<later where graph.nodes[earlier].conflicts(with: graph.nodes[later]) {
                #expect(order[earlier, default: 0] < order[later, default: 0])
            }
        }
    }

    @Test func startsAnIndexAsSoonAsItsTableIsLoaded() {
        let (one, two) = (Self.table(1), Self.table(2))
        let plan = LoadPlan(entries: [
            Self.entry(.copy(CopyBlock(table: one, dataOffset: 0, dataLength: 10, rows: 1)), at: 0),
            Self.entry(.copy(CopyBlock(table: two, dataOffset: 10, dataLength: 1000, rows: 100)), at: 1),
            Self.entry(.statement(.barrier), at: 2, "SELECT pg_catalog.setval('public.s', 3, true)"),
            Self.entry(.statement(.createIndex(one, index: "a")), at: 3),
            Self.entry(.statement(.createIndex(two, index: "b")), at: 4),
            Self.entry(.statement(.addForeignKey(one, references: two)), at: 5),
        ])
        var scheduler = LoadScheduler(LoadGraph(plan, in: plan.entries.indices))
        #expect(scheduler.next() == .run(1))
        #expect(scheduler.next() == .run(0))
        scheduler.complete(0)
        #expect(scheduler.next() == .run(3))
        #expect(scheduler.next() == .run(2))
        #expect(scheduler.next() == .wait)
        scheduler.complete(1)
        #expect(scheduler.next() == .run(4))
        #expect(scheduler.next() == .wait)
    }

    /// The widest table is not the longest way: what waits for a table counts, too, or it is left for the end, where one
    /// connection works and the others have nothing to do.
    @Test func startsWhatHasTheLongestWayToGo() {
        let (wide, long, other) = (Self.table(1), Self.table(2), Self.table(3))
        let key = "ALTER TABLE ONLY t2\n    ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES t3(id)"
        let plan = LoadPlan(entries: [
            Self.entry(.copy(CopyBlock(table: wide, dataOffset: 0, dataLength: 2000, rows: 10)), at: 0),
            Self.entry(.copy(CopyBlock(table: long, dataOffset: 0, dataLength: 500, rows: 50)), at: 1),
            Self.entry(.copy(CopyBlock(table: other, dataOffset: 0, dataLength: 10, rows: 1)), at: 2),
            Self.entry(.statement(.createIndex(wide, index: "a")), at: 3),
            Self.entry(.statement(.createIndex(long, index: "b")), at: 4),
            Self.entry(.statement(.addForeignKey(long, references: other)), at: 5, key),
        ])
        let graph = LoadGraph(plan, in: plan.entries.indices)
        // COPYs, indexes, the key without its check, its check.
        let ranks: [UInt64] = [2500, 4500, 1530, 300, 3000, 1500, 1500]
        #expect(graph.ranks == ranks)
        var scheduler = LoadScheduler(graph)
        #expect(scheduler.next() == .run(1))
        #expect(scheduler.next() == .run(0))
        scheduler.complete(1)
        #expect(scheduler.next() == .run(4))
    }

    /// Two keys share a table, as all keys of a schema do in the end: their rows are checked side by side all the same.
    @Test func checksForeignKeysOfDifferentTablesSideBySide() {
        let (one, two, three) = (Self.table(1), Self.table(2), Self.table(3))
        func key(_ from: Int, _ to: Int, at index: Int) -> PlanEntry {
            let text = "ALTER TABLE ONLY t\(from)\n    ADD CONSTRAINT k\(index) FOREIGN KEY (a) REFERENCES t\(to)(id)"
            return Self.entry(
                .statement(.addForeignKey(Self.table(from), references: Self.table(to))), at: index, text)
        }
        let plan = LoadPlan(entries: [
            Self.entry(.copy(CopyBlock(table: one, dataOffset: 0, dataLength: 30)), at: 0),
            Self.entry(.copy(CopyBlock(table: two, dataOffset: 0, dataLength: 20)), at: 1),
            Self.entry(.copy(CopyBlock(table: three, dataOffset: 0, dataLength: 10)), at: 2),
            key(1, 2, at: 3), key(1, 3, at: 4), key(2, 3, at: 5),
            Self.entry(.statement(.comment), at: 6, "COMMENT ON CONSTRAINT k3 ON t1 IS 'x'"),
        ])
        let graph = LoadGraph(plan, in: plan.entries.indices)
        #expect(graph.nodes.map(\.entry) == [0, 1, 2, 3, 4, 5, 3, 4, 5, 6])
        #expect(
            graph.nodes.map(\.part)
                == [.whole, .whole, .whole] + Array(repeating: .unvalidated, count: 3)
                + Array(repeating: .validation, count: 3) + [.whole])
        // Those of one table wait for one another, that of the other one does not.
        #expect(graph.nodes[6].conflicts(with: graph.nodes[7]))
        #expect(!graph.nodes[6].conflicts(with: graph.nodes[8]))
        #expect(graph.nodes[6].conflicts(with: graph.nodes[5]) || !graph.dependents[5].isEmpty)
    }

    @Test func locksAWholeFamily() {
        let (root, leaf, other) = (Self.table(1), Self.table(2), Self.table(3))
        let plan = LoadPlan(entries: [
            Self.entry(.statement(.createTable(root, partitionOf: nil, inherits: [], isForeign: false)), at: 0),
            Self.entry(.statement(.createTable(leaf, partitionOf: root, inherits: [], isForeign: false)), at: 1),
            Self.entry(.copy(CopyBlock(table: leaf, dataOffset: 0)), at: 2),
            Self.entry(.copy(CopyBlock(table: root, dataOffset: 0)), at: 3),
            Self.entry(.copy(CopyBlock(table: other, dataOffset: 0)), at: 4),
            Self.entry(
                .statement(.createIndex(root, index: nil)), at: 5, "CREATE INDEX i ON ONLY public.t1 USING btree (a)"),
            Self.entry(
                .statement(.createIndex(leaf, index: nil)), at: 6, "CREATE INDEX i ON public.t2 USING btree (a)"),
        ])
        let nodes = LoadGraph(plan, in: plan.entries.indices).nodes
        #expect(nodes[2].conflicts(with: nodes[3]))
        #expect(!nodes[3].conflicts(with: nodes[4]))
        #expect(!nodes[5].conflicts(with: nodes[6]))
        #expect(nodes[3].conflicts(with: nodes[6]))
    }

    @Test func freezesOnlyWhatItMay() {
        let (plain, twice, root, leaf, foreign, late) = (
            Self.table(1), Self.table(2), Self.table(3), Self.table(4), Self.table(5), Self.table(6)
        )
        func create(_ table: TableName, of parent: TableName? = nil, isForeign: Bool = false) -> PlanEntry {
            Self.entry(.statement(.createTable(table, partitionOf: parent, inherits: [], isForeign: isForeign)), at: 0)
        }
        func copy(_ table: TableName) -> PlanEntry {
            Self.entry(.copy(CopyBlock(table: table, dataOffset: 0)), at: 0)
        }
        let plan = LoadPlan(entries: [
            create(plain), create(twice), create(root), create(leaf, of: root), create(foreign, isForeign: true),
            create(late), Self.entry(.statement(.alterTable(late)), at: 0, "CREATE TRIGGER t AFTER TRUNCATE ON t6"),
            copy(plain), copy(twice), copy(twice), copy(root), copy(leaf), copy(foreign), copy(late),
            copy(Self.table(7)),
        ])
        #expect(FreezeEligibility.entries(of: plan, in: plan.entries.indices) == [7, 11])
    }

    @Test(arguments: [
        ("COPY public.t (a) FROM stdin", "TRUNCATE ONLY public.t"),
        ("COPY \"a b\".\"c\"\"(d\" (a, b) FROM stdin", "TRUNCATE ONLY \"a b\".\"c\"\"(d\""),
        ("COPY t FROM stdin", "TRUNCATE ONLY t"), ("COPY t (a) FROM stdin WITH CSV", nil), ("COPY t TO stdout", nil),
    ])
    func makesTheFrozenForm(text: String, truncate: String?) {
        #expect(FrozenCopy(Array(text.utf8)).map { String(decoding: $0.truncate, as: UTF8.self) } == truncate)
    }
}
