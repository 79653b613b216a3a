import Backups
import PostgreSQL

/// Freshness and the user's own queries: questions to the restored database.
struct QuestionStages {
    let options: ProofOptions
    /// RPO: how old the newest value may be.
    let objective: Duration?
    let time: DataTime

    /// The answers to the rules, in their order.
    func freshness(_ copy: RestoredCopy) throws -> [(check: Check, result: FreshnessResult)] {
        guard let objective else { return [] }
        return try options.freshness.map { rule in
            let freshness = Freshness(table: rule.table, column: rule.column, objective: objective)
            let (check, newest) = try ask(freshness, copy)
            let result = FreshnessResult(
                table: rule.table, column: rule.column, newest: newest, limitSeconds: objective.totalSeconds,
                verdict: check.verdict)
            return (check, result)
        }
    }

    private func ask(_ freshness: Freshness, _ copy: RestoredCopy) throws -> (check: Check, newest: Timestamp?) {
        guard let database = asked(copy) else { return (Self.several(freshness.name, .freshness), nil) }
        do {
            return try freshness.ask(try copy.server.connect(database: database.name), time: time)
        } catch let obstacle as Obstacle where obstacle.reason == .queryError {
            return (.inconclusive(freshness.name, in: .freshness, obstacle), nil)
        }
    }

    func queries(_ copy: RestoredCopy) throws -> [Check] {
        try options.queries.map { query in
            guard let database = asked(copy) else { return Self.several(query.checkName, .queries) }
            return try query.check(try copy.server.connect(database: database.name))
        }
    }

    private func asked(_ copy: RestoredCopy) -> RestoredCopy.Database? {
        copy.onlyDatabase ?? copy.databases.first { $0.name == options.database }
    }

    static func several(_ name: String, _ stage: Stage) -> Check {
        .inconclusive(
            name, in: stage, .unsupportedFormat, "the backup holds several databases, and the question is for one",
            hint: "Say with --dbname which one it is for, or ask it of a dump of one database.")
    }
}
