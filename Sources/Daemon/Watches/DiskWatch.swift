import Backups
import Logging
import Processes
import Settings

/// Looks at the disks of production whose server is not asked, again and again, on a thread of its own.
final class DiskWatch: Sendable {
    private enum Order: Sendable {
        case configure(Configuration)
        case stop
    }

    private let orders = BlockingQueue<Order>()
    private let events: BlockingQueue<DaemonEvent>
    private let log: Logger

    init(events: BlockingQueue<DaemonEvent>, log: Logger) {
        self.events = events
        self.log = log
        DetachedThread.start(named: "disks") { [self] in watch() }
    }

    /// From now on for these databases; looks at once.
    func configure(_ configuration: Configuration) { orders.append(.configure(configuration)) }
    func stop() { orders.append(.stop) }

    private func watch() {
        var paths: [String: String] = [:]
        var gauges: [String: DiskGauge] = [:]
        var told: Set<String> = []
        var interval: Duration?
        while true {
            switch interval.map({ orders.next(for: $0) }) ?? orders.next() {
            case .stop: return
            case .configure(let configuration):
                paths = configuration.databases.filter(\.hasOwnDisk).reduce(into: [:]) { $0[$1.name] = $1.diskPath }
                gauges = gauges.filter { gauge in paths.values.contains(gauge.key) }
                interval = paths.isEmpty ? nil : configuration.daemon.productionInterval
            case nil: break
            }
            var found: [String: DiskFacts] = [:]
            var problems: Set<String> = []
            for path in Set(paths.values).sorted() {
                let (facts, reasons) = gauges[path, default: DiskGauge()].measure(path)
                found[path] = facts
                problems.formUnion(reasons)
            }
            // Each is told when it begins.
            for problem in problems.subtracting(told).sorted() { log.warning("\(problem)") }
            told = problems
            if !paths.isEmpty { events.append(.measured(paths.compactMapValues { found[$0] })) }
        }
    }
}

extension DatabaseSettings {
    /// Its production's disk is looked at, and its production is not asked.
    var hasOwnDisk: Bool { connection == nil && diskPath != nil && !discovers }
}
