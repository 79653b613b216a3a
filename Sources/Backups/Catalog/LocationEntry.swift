/// One file or directory as a location lists it.
package struct LocationEntry: Sendable, Equatable {
    /// Relative to the location; parts are separated by `/`.
    package var path: String
    package var identity: BackupIdentity
    /// A manifest lies beside it: whoever made the backup says that it is complete.
    package var hasManifest: Bool
    /// `nil` where no other path of the listing leads to the same bytes.
    package var shared: SharedFile?
    /// What the listing itself tells of its times, where who keeps the location knows them, and that the backup is complete.
    package var times: ManifestTimes?
    /// Its names are those of a base backup.
    package var isBaseBackup = false

    package init(path: String, identity: BackupIdentity, hasManifest: Bool = false) {
        self.path = path
        self.identity = identity
        self.hasManifest = hasManifest
    }

    /// Whoever made the backup says so.
    package var isKnownComplete: Bool { hasManifest || times != nil }
}

/// A file that several paths of one listing lead to: by symbolic links, or by hard ones.
package struct SharedFile: Sendable, Hashable {
    /// Tells it from others of the same listing.
    package let number: Int
    /// This path is a symbolic link to it.
    package let isLink: Bool

    package init(number: Int, isLink: Bool) {
        self.number = number
        self.isLink = isLink
    }
}

/// What a location holds, or why nobody can tell. A location that can't be listed is never an empty one.
package struct LocationListing: Sendable, Equatable {
    package var entries: [LocationEntry]
    /// Parts of it that could not be listed; the rest was.
    package var skipped: [String]
    /// The times of its entries are this machine's own: a file server may have another one.
    package var hasOwnTime: Bool
    /// What the clock that gave those times showed when the listing began, where another one gave them and tells.
    package var serverTime: Timestamp?

    package init(
        entries: [LocationEntry] = [], skipped: [String] = [], hasOwnTime: Bool = true, serverTime: Timestamp? = nil
    ) {
        self.entries = entries
        self.skipped = skipped
        self.hasOwnTime = hasOwnTime
        self.serverTime = serverTime
    }

    /// What tells how long ago its entries were written to.
    package func clock(at now: Timestamp) -> LocationClock {
        guard !hasOwnTime else { return .own }
        // What comes from the future tells nothing of when it is.
        let newest = entries.lazy.map(\.identity.modified).filter { $0 <= now }.max()
        return .foreign(atLeast: [serverTime, newest].compactMap(\.self).max())
    }
}
