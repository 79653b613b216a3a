/// A backup as found at its location, without having been read.
package struct CatalogBackup: Sendable, Equatable {
    package var identity: BackupIdentity
    /// When it was finished: from its manifest, else from its name, else its modification time.
    package var completedAt: Timestamp
    /// The moment whose data it shows, from its manifest or its name; `nil` where neither says.
    package var dataAsOf: Timestamp?
    /// When it was seen to become what it is: where nobody watched, its modification time.
    package var unchangedSince: Timestamp
    /// It was listed as a base backup, by its names; not known of one that only the history holds.
    package var isBaseBackup = false

    package init(identity: BackupIdentity, completedAt: Timestamp, dataAsOf: Timestamp? = nil) {
        self.identity = identity
        self.completedAt = completedAt
        self.dataAsOf = dataAsOf
        unchangedSince = identity.modified
    }

    /// How long, in seconds, a file that a backup of several names and does not have may be on its way: object storage shows an
    /// object when it is whole, and the largest take hours.
    package static let arrival = 21_600.0

    /// Until when a file that is not there may be on its way; `nil` when it is missing by now.
    package func partsMayArriveUntil(at now: Timestamp) -> Timestamp? {
        let age = now.seconds(since: unchangedSince)
        // No clock is wrong by so much: a time beyond that tells nothing, and must not hold a verdict back for ever.
        guard age < Self.arrival, age > -LocationClock.mostWrong else { return nil }
        return Timestamp(microseconds: unchangedSince.microseconds + Int64(Self.arrival * 1_000_000))
    }

    /// What backups are ordered by: their data, as far as it is known.
    package var time: Timestamp { dataAsOf ?? completedAt }
}

extension [CatalogBackup] {
    /// The oldest first.
    package var inOrder: [CatalogBackup] {
        sorted { ($0.time, $0.identity.path) < ($1.time, $1.identity.path) }
    }
}

/// Tells whether a backup is the one that was there before: a file that was written again is another backup.
package struct BackupIdentity: Sendable, Hashable, Codable {
    /// Path or URL.
    package var path: String
    /// Bytes stored; of a directory, those of all files in it.
    package var sizeBytes: UInt64
    /// Of a directory, that of the newest file in it.
    package var modified: Timestamp

    package init(path: String, sizeBytes: UInt64, modified: Timestamp) {
        self.path = path
        self.sizeBytes = sizeBytes
        self.modified = modified
    }

    /// The last part of the path.
    package var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}
