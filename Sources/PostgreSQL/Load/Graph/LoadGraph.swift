import Backups
import Integrity

/// What of one database's part of a plan must wait for what.
///
/// Statements that share a table never run side by side unless both only read it, and keep the order of the file;
/// everything that is not known to be about certain tables runs alone in its place. The checks of foreign keys and then
/// `COMMENT`s among the work on tables wait for its end. Settings are no nodes: each session replays them.
///
/// Locks: PostgreSQL 15, "13.3. Explicit Locking", and src/backend/commands/tablecmds.c, `AlterTableGetLockLevel`.
struct LoadGraph: Sendable {
    /// In the order in which they would run alone.
    let nodes: [LoadNode]
    /// For each node, those that wait for it.
    let dependents: [[Int]]
    /// For each node, how many it waits for.
    let dependencies: [Int]
    /// For each node, its weight and that of the heaviest chain of work that waits for it: whatever has the most still to come
    /// starts first, or its end is waited for with nothing beside it.
    ///
    /// The “upward rank” of Topcuoglu, Hariri, Wu, “Performance-effective and low-complexity task scheduling for heterogeneous
    /// computing” (2002), without costs of communication.
    let ranks: [UInt64]

    init(_ plan: LoadPlan, in section: Range<Int>) {
        var locks = LoadLocks(plan.entries[section])
        var nodes: [LoadNode] = []
        var validations: [LoadNode] = []
        var comments: [LoadNode] = []
        var isAmongTables = false
        for index in section {
            guard var node = locks.node(for: plan.entries[index], at: index) else { continue }
            if case .statement(.comment) = plan.entries[index].kind, isAmongTables {
                comments.append(node)
                continue
            }
            isAmongTables = !node.isBarrier
            // Nothing after a barrier may come before what a comment before it is about, and the other way round.
            if node.isBarrier {
                nodes += validations + comments
                (validations, comments) = ([], [])
            }
            if let validation = locks.validation(of: plan.entries[index], at: index) {
                node.part = .unvalidated
                node.weight = 0
                validations.append(validation)
            }
            nodes.append(node)
        }
        self.init(nodes: nodes + validations + comments)
    }

    init(nodes: [LoadNode]) {
        var builder = DependencyBuilder()
        for (index, node) in nodes.enumerated() { builder.add(node, at: index) }
        self.nodes = nodes
        dependents = builder.dependents
        dependencies = builder.dependencies
        var ranks = nodes.map(\.weight)
        // Who waits comes later, so its rank is known.
        for index in nodes.indices.reversed() {
            ranks[index] += dependents[index].lazy.map { ranks[$0] }.max() ?? 0
        }
        self.ranks = ranks
    }
}

/// Finds what each node waits for, in one pass: the last that wrote what it locks, and those that read it since.
private struct DependencyBuilder {
    private(set) var dependents: [[Int]] = []
    private(set) var dependencies: [Int] = []
    private var lastBarrier: Int?
    private var sinceBarrier: [Int] = []
    private var writers: [LoadNode.Resource: Int] = [:]
    private var readers: [LoadNode.Resource: [Int]] = [:]

    mutating func add(_ node: LoadNode, at index: Int) {
        dependents.append([])
        var waitsFor: Set<Int> = []
        if node.isBarrier {
            waitsFor.formUnion(sinceBarrier)
            if sinceBarrier.isEmpty, let lastBarrier { waitsFor.insert(lastBarrier) }
            (lastBarrier, sinceBarrier, writers, readers) = (index, [], [:], [:])
        } else {
            if let lastBarrier { waitsFor.insert(lastBarrier) }
            for resource in node.reads {
                if let writer = writers[resource] { waitsFor.insert(writer) }
                readers[resource, default: []].append(index)
            }
            for resource in node.writes {
                if let writer = writers[resource] { waitsFor.insert(writer) }
                waitsFor.formUnion(readers[resource] ?? [])
                writers[resource] = index
                readers[resource] = []
            }
            waitsFor.remove(index)
            sinceBarrier.append(index)
        }
        dependencies.append(waitsFor.count)
        for earlier in waitsFor { dependents[earlier].append(index) }
    }
}
