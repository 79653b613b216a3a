/// How long to wait before the next attempt: twice as long after each that failed, up to a limit, and never all at the
/// same moment.
struct Backoff: Sendable, Equatable {
    let shortest: Duration
    let longest: Duration
    private(set) var failures = 0

    init(shortest: Duration = .seconds(1), longest: Duration = .seconds(300)) {
        self.shortest = shortest
        self.longest = longest
    }

    /// An attempt failed.
    /// - Parameter random: from 0 to 1; spreads the wait over its upper half ("equal jitter").
    /// - Returns: how long to wait.
    mutating func fail(random: Double) -> Duration {
        // Further doublings would only overflow.
        let doubled = shortest * (1 << min(failures, 30))
        failures += 1
        return min(longest, doubled) * (0.5 + random / 2)
    }

    /// An attempt succeeded.
    mutating func succeed() { failures = 0 }
}
