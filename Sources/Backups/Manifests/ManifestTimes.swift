/// What a manifest tells of the times of its backup.
package struct ManifestTimes: Sendable, Equatable {
    /// The snapshot that the backup shows.
    package var dataAsOf: Timestamp?
    package var completedAt: Timestamp?

    package init(dataAsOf: Timestamp? = nil, completedAt: Timestamp? = nil) {
        self.dataAsOf = dataAsOf
        self.completedAt = completedAt
    }
}
