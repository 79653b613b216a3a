import Backups

extension Obstacle {
    /// The same, with the statement that ran when it came up: it may be the cause.
    func during(_ statement: StatementText, at location: SourceLocation?) -> Obstacle {
        guard !statement.shown.isEmpty else { return self }
        let place = location.map { "\($0): " } ?? ""
        return Obstacle(reason, "\(message); this ran then: \(place)\(statement.shown)", hint: hint, cause: cause)
    }
}
