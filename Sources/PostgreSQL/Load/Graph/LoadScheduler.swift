/// Hands out the nodes of a ``LoadGraph``, of those that are ready the one of the highest rank first. A pure state machine:
/// it knows what runs, and nothing of threads.
///
/// A node that fails runs once more, alone, when every node before it is done and nothing else runs: what it says then is
/// not due to anything beside it. Those that wait for it wait until then.
struct LoadScheduler {
    enum Action: Equatable {
        case run(Int)
        /// The second try of a node that failed.
        case runAlone(Int)
        /// Nothing can start before something that runs is done.
        case wait
        case finished
    }

    private enum Phase { case waiting, ready, running, failed, alone, done }

    private let graph: LoadGraph
    private var phases: [Phase]
    private var missing: [Int]
    private var ready = ReadyHeap()
    private var running = 0
    private var unfinished: Int
    /// Every node before it is done.
    private var firstUnfinished = 0
    private var failed: Set<Int> = []

    init(_ graph: LoadGraph) {
        self.graph = graph
        phases = Array(repeating: .waiting, count: graph.nodes.count)
        missing = graph.dependencies
        unfinished = graph.nodes.count
        for index in graph.nodes.indices where missing[index] == 0 { makeReady(index) }
    }

    /// How many nodes could start at once.
    var readyCount: Int { ready.count }

    mutating func next() -> Action {
        if unfinished == 0 { return .finished }
        if isAloneRunning { return .wait }
        // The first unfinished node is one that failed: it is its turn, and nothing else starts before.
        if failed.contains(firstUnfinished) {
            guard running == 0 else { return .wait }
            failed.remove(firstUnfinished)
            phases[firstUnfinished] = .alone
            running = 1
            return .runAlone(firstUnfinished)
        }
        guard let index = ready.takeFirst() else { return .wait }
        phases[index] = .running
        running += 1
        return .run(index)
    }

    /// A node's first try failed.
    mutating func fail(_ index: Int) {
        running -= 1
        phases[index] = .failed
        failed.insert(index)
    }

    /// A node is done, well or not: those that wait for it may go on.
    mutating func complete(_ index: Int) {
        running -= 1
        phases[index] = .done
        unfinished -= 1
        while firstUnfinished < phases.count, phases[firstUnfinished] == .done { firstUnfinished += 1 }
        for dependent in graph.dependents[index] {
            missing[dependent] -= 1
            if missing[dependent] == 0 { makeReady(dependent) }
        }
    }

    private var isAloneRunning: Bool {
        firstUnfinished < phases.count && phases[firstUnfinished] == .alone
    }

    private mutating func makeReady(_ index: Int) {
        phases[index] = .ready
        ready.insert(index, rank: graph.ranks[index])
    }
}
