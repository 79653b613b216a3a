import Backups

/// How samples of production's counters grow sparser with age. A backup's bounds begin at the last sample before it: a
/// sparser one widens them, and never makes them wrong.
struct SampleThinning: Sendable, Equatable {
    struct Step: Sendable, Equatable {
        /// Age from which on it holds, in seconds.
        var age: Int64
        var interval: Duration
    }

    var steps: [Step]

    /// Every sample of two days, one an hour of a month, then one a day, up to the history's retention.
    static let standard = SampleThinning(steps: [
        Step(age: 2 * 86_400, interval: .seconds(3600)), Step(age: 30 * 86_400, interval: .seconds(86_400)),
    ])

    func apply(to history: any HistoryStore, at now: Timestamp) throws {
        for step in steps {
            try history.thinSamples(before: Timestamp(seconds: now.seconds - step.age), to: step.interval)
        }
    }
}
