/// One question that was put to a backup, and the answer.
package struct Check: Sendable, Equatable {
    /// A short stable name: `gzip`, `trailer`, `rows`, `schema`, `freshness:public.orders`, `query:no-orphans`, …
    package let name: String
    package let stage: Stage
    package let verdict: Verdict
    /// Present unless the check is `verified`.
    package let reason: Reason?
    /// One sentence for people.
    package let message: String
    /// What to do; present when there is something that can be done.
    package let hint: String?
    /// Where in the content of the backup the finding lies.
    package let location: SourceLocation?
    /// Further lines for people: a readable diff, the statement that failed, the tables that differ. Bounded by the maker.
    package let details: [String]

    private init(
        name: String, stage: Stage, verdict: Verdict, reason: Reason?, message: String, hint: String?,
        location: SourceLocation?, details: [String]
    ) {
        self.name = name
        self.stage = stage
        self.verdict = verdict
        self.reason = reason
        self.message = message
        self.hint = hint
        self.location = location
        self.details = details
    }

    package static func verified(_ name: String, in stage: Stage, _ message: String, details: [String] = []) -> Check {
        Check(
            name: name, stage: stage, verdict: .verified, reason: nil, message: message, hint: nil, location: nil,
            details: details)
    }

    package static func failed(
        _ name: String, in stage: Stage, _ reason: Reason, _ message: String, hint: String? = nil,
        at location: SourceLocation? = nil, details: [String] = []
    ) -> Check {
        Check(
            name: name, stage: stage, verdict: .failed, reason: reason, message: message, hint: hint,
            location: location, details: details)
    }

    package static func inconclusive(
        _ name: String, in stage: Stage, _ reason: Reason, _ message: String, hint: String? = nil,
        at location: SourceLocation? = nil, details: [String] = []
    ) -> Check {
        Check(
            name: name, stage: stage, verdict: .inconclusive, reason: reason, message: message, hint: hint,
            location: location, details: details)
    }

    /// What the check says of a backup that may still be written to: that something is missing is no fault of it.
    package var ofUnfinishedBackup: Check {
        guard verdict == .failed else { return self }
        return .inconclusive(
            name, in: stage, .changedWhileReading, "\(message); the backup may still be written to",
            hint: "It has not held still for long enough to be complete for certain: verify it again.", at: location,
            details: details)
    }

    /// What the check says of a backup some files of which may be on their way.
    package var ofIncomingBackup: Check {
        guard verdict == .failed else { return self }
        let hours = Quantity.duration(seconds: CatalogBackup.arrival)
        return .inconclusive(
            name, in: stage, .changedWhileReading, "\(message); it may be on its way",
            hint:
                "It counts as missing when nothing of the backup has changed for \(hours). Is a copy under way, or was it "
                + "broken off?",
            at: location, details: details)
    }

    /// What the check says of a copy that was not recovered to where it was asked to go.
    package var ofUnreachedTarget: Check {
        guard verdict == .failed else { return self }
        return .inconclusive(
            name, in: stage, .targetNotReached, "\(message); but the copy is not at the target", hint: hint,
            at: location, details: details)
    }

    /// What the check says of a backup that was removed or replaced while it was read.
    package var ofVanishedBackup: Check {
        guard verdict == .failed else { return self }
        return .inconclusive(
            name, in: stage, .vanished, "\(message); the backup was removed, or replaced, while it was read",
            hint: "Is it thinned out too early? The newest one is another.", at: location, details: details)
    }

    /// What the check says of bytes that may not be those of the backup.
    package func hindered(by obstacle: Obstacle) -> Check {
        guard verdict == .failed else { return self }
        return .inconclusive(
            name, in: stage, obstacle.reason, "\(message); but \(obstacle.message)", hint: obstacle.hint, at: location,
            details: details)
    }

    package static func inconclusive(_ name: String, in stage: Stage, _ obstacle: Obstacle) -> Check {
        let cause = obstacle.cause.map { ["\($0)"] } ?? []
        return .inconclusive(
            name, in: stage, obstacle.reason, obstacle.message, hint: obstacle.hint, details: cause)
    }
}
