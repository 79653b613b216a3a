import Backups

/// What was found of one database's backups.
struct CatalogLook: Sendable {
    let database: String
    let facts: CatalogFacts
}
