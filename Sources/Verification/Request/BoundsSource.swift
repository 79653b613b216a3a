package import Backups
package import PostgreSQL

/// Production, as far as it bounds what a backup of it must hold.
package struct BoundsSource: Sendable {
    /// Read only.
    package var connection: ConnectionParameters
    /// Stored samples: the last at or before a moment, and all after it, the oldest first. Blocking.
    package var samples: @Sendable (Timestamp) throws -> [ProductionSample]
    /// Tables that are not compared.
    package var unbounded: Set<TableName> = []
    package var settling = BoundsParity.Settling.standard
    /// Most time for counting it; more and nothing is said.
    package var countingLimit: Duration = .seconds(4 * 3600)
    /// Readings after the count, until nothing seems wrong any more.
    package var attempts = 3
    /// Waits; blocking. Ends early, and throws, when the work is cancelled.
    package var pause: @Sendable (Duration, Cancellation) throws -> Void = BoundsSource.wait

    package init(
        connection: ConnectionParameters, samples: @escaping @Sendable (Timestamp) throws -> [ProductionSample]
    ) {
        self.connection = connection
        self.samples = samples
    }
}
