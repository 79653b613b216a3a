package import Backups
package import PostgreSQL

/// Production, as far as it bounds what a backup of it must hold.
package struct BoundsSource: Sendable {
    /// Read only.
    package var connection: ConnectionParameters
    /// Shows stored samples one after the other, until it is told that they are enough. Blocking.
    package typealias Samples =
        @Sendable (
            _ moment: Timestamp, _ visit: (ProductionSample) throws -> Bool
        ) throws -> Void

    /// The last at or before a moment, and all after it, the oldest first.
    package var samples: Samples
    /// Tables that are not compared.
    package var unbounded: Set<TableName> = []
    package var settling = BoundsParity.Settling.standard
    /// Most time for counting it; more and nothing is said.
    package var countingLimit: Duration = .seconds(4 * 3600)
    /// Readings after the count, until nothing seems wrong any more.
    package var attempts = 3
    /// Waits; blocking. Ends early, and throws, when the work is cancelled.
    package var pause: @Sendable (Duration, Cancellation) throws -> Void = BoundsSource.wait

    package init(connection: ConnectionParameters, samples: @escaping Samples) {
        self.connection = connection
        self.samples = samples
    }
}
