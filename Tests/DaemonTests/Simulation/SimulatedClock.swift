import Backups
import Synchronization

/// A wall clock that stands still until it is told otherwise.
final class SimulatedClock: Sendable {
    private let moment: Mutex<Timestamp>

    init(_ moment: Timestamp) {
        self.moment = Mutex(moment)
    }

    var now: Timestamp { moment.withLock { $0 } }

    func set(_ moment: Timestamp) { self.moment.withLock { $0 = moment } }
}

extension Timestamp {
    func adding(minutes: Int) -> Timestamp { Timestamp(seconds: seconds + Int64(minutes) * 60) }
}
