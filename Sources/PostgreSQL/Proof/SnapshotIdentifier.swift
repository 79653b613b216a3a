import Backups

/// The name of an exported snapshot, as `00000003-0000001B-1`.
enum SnapshotIdentifier {
    /// Makes the transaction that was just begun see the snapshot of another.
    static func use(_ identifier: String, on connection: Connection) throws {
        // The name goes into a statement that takes no parameters.
        guard !identifier.isEmpty, identifier.allSatisfy({ $0.isHexDigit || $0 == "-" }) else {
            throw Obstacle(.internalError, "\(identifier) is not the name of a snapshot")
        }
        do {
            try connection.execute("SET TRANSACTION SNAPSHOT '\(identifier)'")
        } catch let error as PostgreSQLError {
            throw error.obstacle(doing: "the snapshot \(identifier) can't be shared")
        }
    }
}
