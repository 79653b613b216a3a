package import Backups

/// One backup as `restorable backups` shows it: what the catalog says, what its first bytes say, and what its last
/// verification said.
package struct ListedBackup: Sendable, Equatable {
    package var database: String
    package var location: String
    package var backup: CatalogBackup
    /// Still being written, as far as can be told.
    package var isInProgress: Bool
    package var content: ListedContent
    package var lastRun: RunSummary?

    package init(
        database: String, location: String, backup: CatalogBackup, isInProgress: Bool, content: ListedContent,
        lastRun: RunSummary?
    ) {
        self.database = database
        self.location = location
        self.backup = backup
        self.isInProgress = isInProgress
        self.content = content
        self.lastRun = lastRun
    }

    /// Its path below the location.
    var name: String {
        let prefix = location.hasSuffix("/") ? location : location + "/"
        let path = backup.identity.path
        return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
    }

    var state: String { isInProgress ? "in-progress" : "complete" }
}

/// What a backup is, by its first bytes.
package struct ListedContent: Sendable, Equatable {
    package var format: BackupFormat?
    package var compression: Compression?
    /// What it is when it is no format that can be read here: `encrypted (age)`.
    package var note: String?

    package init(format: BackupFormat? = nil, compression: Compression? = nil, note: String? = nil) {
        self.format = format
        self.compression = compression
        self.note = note
    }

    var text: String {
        guard let format else { return note ?? "-" }
        guard let compression, compression != .none else { return format.rawValue }
        return "\(format.rawValue) \(compression.rawValue)"
    }
}
