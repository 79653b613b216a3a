package import Backups

/// One backup as the tool that keeps it lists it.
package struct RepositoryBackup: Sendable, Equatable {
    /// What the tool says of how it was made.
    package enum Standing: Sendable, Equatable {
        /// It is complete.
        case complete
        /// It is complete, and the tool saw damage in what it copied: what it says of that.
        case damaged(String)
        /// It was not finished: why.
        case failed(String)
        /// It is being made, or copied.
        case unfinished
    }

    /// The tool's own name for it.
    package var label: String
    package var standing = Standing.complete
    /// When it was begun: it shows at least what was committed before.
    package var startedAt: Timestamp?
    /// When it was finished; `nil` where it was not.
    package var stoppedAt: Timestamp?
    /// Bytes that it takes when it is restored; `nil` where the tool does not say.
    package var size: UInt64?
    /// Bytes of all that it is restored from, as they are stored: those of backups that it goes on from count, too. `nil` where nobody
    /// says.
    package var storedSize: UInt64?
    /// The backups that it is restored together with, the oldest first; none for a full one.
    package var chain: [String] = []
    /// Major version of the server; `nil` where the tool does not say.
    package var major: Int?
    /// Parts of the repository that could not be looked at, though it was found: sentences without their full stop.
    package var unseen: [String] = []
    /// What the tool knows it by, besides its label: a repository's number, a cluster's.
    var place: Place?

    /// Of pgBackRest: one stanza may lie in several repositories, and outlive a cluster.
    struct Place: Sendable, Equatable {
        var repository: Int
        /// The cluster's number there. Each repository counts for itself.
        var database: Int
    }

    init(label: String, storedSize: UInt64?) {
        (self.label, self.storedSize) = (label, storedSize)
    }

    /// What orders backups: when it was finished, else when it was begun.
    var moment: Timestamp { stoppedAt ?? startedAt ?? Timestamp(seconds: 0) }

    /// It can be restored: whoever made it says so.
    package var isComplete: Bool {
        switch standing {
        case .complete, .damaged: true
        case .failed, .unfinished: false
        }
    }
}
