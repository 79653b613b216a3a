/// What follows from restoring only a part.
enum SelectionRules {
    static let harmless = HarmlessError(because: "the statement is about something outside of the selection")

    /// Whether an error says no more than that something is not there, which then lies outside of the selection.
    static func explains(_ error: PostgreSQLError) -> Bool {
        ["42P01", "42704", "42883", "42703", "3F000", "42809"].contains(error.sqlstate)
    }
}
