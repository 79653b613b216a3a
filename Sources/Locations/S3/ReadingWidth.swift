import Backups

/// Decides over how many connections a reader reads: over one until whoever reads waits for it, then over one more as
/// long as each makes it faster.
struct ReadingWidth {
    /// What one more must bring to be kept.
    private static let gain = 1.1
    /// Windows until the next trial after one that brought nothing; twice as many after each.
    private static let patience = 32

    private(set) var connections: Int
    private let settings: ReadAhead
    private var bytes: UInt64 = 0
    private var waited = Duration.zero
    private var elapsed = Duration.zero
    /// The window in which the number changed says nothing.
    private var isSettling = false
    /// Bytes a second before the connection that is on trial.
    private var before: Double?
    private var failures = 0
    private var rest = 0
    private var latency = Duration.zero

    init(_ settings: ReadAhead) {
        self.settings = settings
        connections = settings.first
    }

    /// How long the store took to begin an answer.
    mutating func note(latency: Duration) { self.latency = latency }

    /// What one read brought: how long it waited, of the time since the one before.
    mutating func note(bytes: Int, waited: Duration, elapsed: Duration) {
        self.bytes += UInt64(bytes)
        self.waited += waited
        self.elapsed += elapsed
        guard self.bytes >= settings.window, self.elapsed >= settings.time, self.elapsed > .zero else { return }
        let (seconds, share) = (self.elapsed.totalSeconds, self.waited.totalSeconds / self.elapsed.totalSeconds)
        let speed = Double(self.bytes) / seconds
        (self.bytes, self.waited, self.elapsed) = (0, .zero, .zero)
        decide(speed: speed, share: share)
    }

    private mutating func decide(speed: Double, share: Double) {
        guard !isSettling else {
            isSettling = false
            return
        }
        if let before {
            self.before = nil
            guard speed >= before * Self.gain || share < settings.waiting else {
                (rest, failures) = (Self.patience << min(failures, 10), failures + 1)
                return change(to: connections - 1)
            }
            failures = 0
        }
        guard rest == 0 else {
            rest -= 1
            return
        }
        guard share > settings.waiting, connections < settings.most, isWorthATrial(speed) else { return }
        before = speed
        change(to: connections + 1)
    }

    private func isWorthATrial(_ speed: Double) -> Bool {
        latency.totalSeconds * speed / Double(connections) < Double(settings.rangeSize) * settings.latency
    }

    private mutating func change(to count: Int) {
        (connections, isSettling) = (count, true)
    }
}
