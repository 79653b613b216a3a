import Backups

/// What one database's production server was found to be.
struct ProductionLook: Sendable {
    let database: String
    /// Whom it is about: an answer that comes after the connection was configured anew is about another server.
    let connection: String
    let facts: ProductionFacts
}
