/// What a freshness rule found: the newest value of a column, and how old it may be.
package struct FreshnessResult: Sendable, Equatable {
    package let table: TableName
    package let column: String
    /// The earliest moment that the newest value may mean; `nil` where there is no value, or it could not be read.
    package let newest: Timestamp?
    /// The most that it may be older than the backup.
    package let limitSeconds: Double
    package let verdict: Verdict

    package init(table: TableName, column: String, newest: Timestamp?, limitSeconds: Double, verdict: Verdict) {
        self.table = table
        self.column = column
        self.newest = newest
        self.limitSeconds = limitSeconds
        self.verdict = verdict
    }
}

extension FreshnessResult {
    package var json: JSONValue {
        .object([
            .init("table", .string(table.description)),
            .init("column", .string(column)),
            .init("newest", .optional(newest)),
            .init("limit_seconds", .number(limitSeconds)),
            .init("verdict", .string(verdict.rawValue)),
        ])
    }
}
