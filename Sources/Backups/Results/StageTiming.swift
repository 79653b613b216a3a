/// How long one stage took.
package struct StageTiming: Sendable, Equatable {
    package let stage: Stage
    package let seconds: Double
    /// Bytes it went through, where it goes through bytes.
    package let bytes: UInt64?

    package init(_ stage: Stage, seconds: Double, bytes: UInt64? = nil) {
        self.stage = stage
        self.seconds = seconds
        self.bytes = bytes
    }
}

/// What the restore was, for the arithmetic of objectives.
package struct RestoreFacts: Sendable, Equatable {
    /// How production-like the scratch server was.
    package enum Profile: String, Sendable, CaseIterable {
        /// `fsync=off` and the like: faster than the bad day.
        case fast
        /// Settings like production's.
        case durable
    }

    package let seconds: Double
    package let profile: Profile
    /// Bytes of content that were loaded.
    package let bytes: UInt64?

    package init(seconds: Double, profile: Profile, bytes: UInt64?) {
        self.seconds = seconds
        self.profile = profile
        self.bytes = bytes
    }
}
