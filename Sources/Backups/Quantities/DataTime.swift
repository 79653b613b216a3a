/// The two times of a backup: the moment whose data it shows, and the moment its file was finished. They differ by as
/// long as the dump took, and only the first one counts for what would be lost.
package struct DataTime: Sendable, Equatable {
    /// Who says what moment the data show.
    package enum Source: String, Sendable, CaseIterable {
        /// The manifest, written beside the backup in the dump's own snapshot.
        case manifest
        /// The dump's own header: the snapshot is taken within moments of its start.
        case dump
        /// The time in the name of the backup, which its maker took when the dump began.
        case name
        /// The last transaction that a recovery replayed.
        case recovery
    }

    /// The snapshot that the backup shows; `nil` when nothing says so. Never the time the file was finished.
    package let asOf: Timestamp?
    package let source: Source?
    /// When the last byte was written; `nil` for a stream.
    package let completedAt: Timestamp?

    package init(
        manifest: Timestamp?, dumpStart: Timestamp?, named: Timestamp? = nil, recovered: Timestamp? = nil,
        completedAt: Timestamp?
    ) {
        if let recovered {
            (asOf, source) = (recovered, .recovery)
        } else if let manifest {
            (asOf, source) = (manifest, .manifest)
        } else if let dumpStart {
            (asOf, source) = (dumpStart, .dump)
        } else if let named {
            (asOf, source) = (named, .name)
        } else {
            (asOf, source) = (nil, nil)
        }
        self.completedAt = completedAt
    }

    /// How old the data are at `moment`, in seconds, never negative. Where only the file's time is known the data are
    /// older than that by as long as the dump took: `isLowerBound`.
    package func age(at moment: Timestamp) -> (seconds: Double, isLowerBound: Bool)? {
        if let asOf { return (max(0, moment.seconds(since: asOf)), false) }
        return completedAt.map { (max(0, moment.seconds(since: $0)), true) }
    }
}
