import Backups

extension Obstacle {
    /// The same, with the statement that ran when it came up: it may be the cause.
    func during(_ statement: StatementText, at location: SourceLocation?) -> Obstacle {
        let mark = "; this ran then: "
        guard !statement.shown.isEmpty, !message.contains(mark) else { return self }
        let place = location.map { "\($0): " } ?? ""
        return Obstacle(reason, "\(message)\(mark)\(place)\(statement.shown)", hint: hint, cause: cause)
    }
}
