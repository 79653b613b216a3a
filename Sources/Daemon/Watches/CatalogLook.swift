import Backups

/// What was found for one entry of the configuration.
struct CatalogLook: Sendable {
    /// The name of the entry, with `{database}` in it where that discovers databases.
    let entry: String
    /// Why the location could not be listed; `nil` when it was.
    let problem: String?
    /// Of an entry that discovers: those that have backups; all that it had when the location was last listed, while it can't be.
    let databases: [DatabaseLook]
    /// Directories of it that could not be listed.
    var closed: [String] = []
}

/// What was found of one database's backups.
struct DatabaseLook: Sendable {
    let database: String
    let facts: CatalogFacts
}
