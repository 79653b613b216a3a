import Backups

/// A statement, with its names resolved in its session.
struct InterpretedStatement {
    var category: StatementFacts.Category
    var facts: StatementFacts?
    /// Of an `INSERT` or a `COPY`.
    var table: TableName?
    var kind = StatementKind.barrier

    init(category: StatementFacts.Category, table: TableName? = nil) {
        self.category = category
        self.table = table
    }
}
