/// Whose clock the times of a location's entries come from.
package enum LocationClock: Sendable, Equatable {
    /// This machine's: a local file system.
    case own
    /// A file server's, which may be wrong by any time. It was at least this when something there was written to last.
    case foreign(atLeast: Timestamp?)

    /// No clock is wrong by so much, in seconds: local time taken for UTC is 14 hours at most.
    static let mostWrong: Double = 86_400

    /// Whether what was last written to at `moment` has not been written to for so many seconds.
    func hasHeldStill(since moment: Timestamp, for seconds: Double, at now: Timestamp) -> Bool {
        // Time that was set back makes a file look as if it came from the future: that says nothing.
        guard now.seconds(since: moment) >= seconds else { return false }
        switch self {
        case .own: return true
        case .foreign(let latest):
            // By the same clock, or beyond all doubt.
            return latest.map { $0.seconds(since: moment) >= seconds } ?? false
                || now.seconds(since: moment) >= Self.mostWrong
        }
    }
}
