internal import Backups

/// How long a backup that could not be judged waits for the next attempt: 10 minutes, then twice as long each time,
/// a day at most.
enum RetryDelay {
    static let first: Int64 = 600
    static let most: Int64 = 86_400
    /// After so many it waits the longest.
    static let mostAttempts = 9

    /// - Parameter attempts: that ended without a verdict, in a row; 1 at least.
    /// - Returns: seconds.
    static func seconds(after attempts: Int) -> Int64 {
        min(most, first << Int64(min(max(attempts, 1), 16) - 1))
    }

    /// What a backup is, and not what the machine did: another attempt would end the same way.
    private static let settled: Set<Reason> = [
        .empty, .rowSecurity, .stoppedEarly, .selectionOnly, .encrypted, .unsupportedFormat, .unknownFormat,
        .metaCommandRefused, .manifestUnusable, .boundsUnknown,
    ]

    static func isWorthwhile(_ verdict: Verdict, _ reason: Reason?) -> Bool {
        verdict == .inconclusive && !(reason.map(settled.contains) ?? false)
    }
}
