/// A backup as found at its location, without having been read.
package struct CatalogBackup: Sendable, Equatable {
    package var identity: BackupIdentity
    /// When it was finished: from its manifest, else from its name, else its modification time.
    package var completedAt: Timestamp
    /// The moment whose data it shows, from its manifest or its name; `nil` where neither says.
    package var dataAsOf: Timestamp?

    package init(identity: BackupIdentity, completedAt: Timestamp, dataAsOf: Timestamp? = nil) {
        self.identity = identity
        self.completedAt = completedAt
        self.dataAsOf = dataAsOf
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
