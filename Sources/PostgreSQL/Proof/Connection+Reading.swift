import Backups

extension Connection {
    /// Runs one statement that only reads, and turns the server's refusals into obstacles: a check that could not be
    /// made says nothing about a backup.
    func reading(_ what: String, _ sql: String) throws -> QueryResult {
        do {
            return try query(sql)
        } catch let error as PostgreSQLError {
            throw error.readingObstacle(what, target: parameters.target)
        }
    }
}

extension PostgreSQLError {
    /// What stood in the way of reading `what`. SQLSTATEs: "Appendix A. PostgreSQL Error Codes".
    func readingObstacle(_ what: String, target: String) -> Obstacle {
        switch sqlstate {
        case "42501" where message.contains("row-level security"), "42501" where message.contains("row security"):
            return Obstacle(
                .hiddenRows, "row security hides rows of \(what) from this role: \(message)",
                hint: "Read as the owner of the table or as a role with BYPASSRLS; pg_read_all_data is not enough.",
                cause: self)
        case "42501":
            return Obstacle(
                .permissionDenied, "\(target) does not let this role read \(what): \(message)",
                hint: "GRANT pg_read_all_data TO the role (PostgreSQL 14 and later), or GRANT SELECT on what it names.",
                cause: self)
        case "55P03":
            return Obstacle(
                .lockTimeout, "\(what) is locked by another session: \(message)",
                hint: "Try again when no ALTER, TRUNCATE or VACUUM FULL holds it, or allow more time.", cause: self)
        case "57014":
            return Obstacle(
                .deadlineExceeded, "reading \(what) took longer than allowed: \(message)",
                hint: "Allow more time for statements.", cause: self)
        case "53100": return obstacle(.diskFull, doing: "reading \(what)")
        case "53200": return obstacle(.outOfMemory, doing: "reading \(what)")
        case "42P01":
            return Obstacle(
                .queryError, "\(what) was dropped while it was read: \(message)", hint: "Try again.", cause: self)
        default: return obstacle(.queryError, doing: "reading \(what) of \(target) failed")
        }
    }
}
