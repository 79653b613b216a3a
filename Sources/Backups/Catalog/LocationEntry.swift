/// One file or directory as a location lists it.
package struct LocationEntry: Sendable, Equatable {
    /// Relative to the location; parts are separated by `/`.
    package var path: String
    package var identity: BackupIdentity
    /// A manifest lies beside it: whoever made the backup says that it is complete.
    package var hasManifest: Bool

    package init(path: String, identity: BackupIdentity, hasManifest: Bool = false) {
        self.path = path
        self.identity = identity
        self.hasManifest = hasManifest
    }
}

/// What a location holds, or why nobody can tell. A location that can't be listed is never an empty one.
package struct LocationListing: Sendable, Equatable {
    package var entries: [LocationEntry]
    /// Parts of it that could not be listed; the rest was.
    package var skipped: [String]

    package init(entries: [LocationEntry] = [], skipped: [String] = []) {
        self.entries = entries
        self.skipped = skipped
    }
}
