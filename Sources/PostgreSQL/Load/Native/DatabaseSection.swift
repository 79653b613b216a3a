import Integrity

/// The entries of a plan that are for one database: from one `\connect` to the next.
struct DatabaseSection: Equatable {
    let database: String
    let entries: Range<Int>

    /// - Parameter first: the database of what stands before any `\connect`.
    static func sections(of plan: LoadPlan, startingIn first: String) -> [DatabaseSection] {
        var sections: [DatabaseSection] = []
        var database = first
        var start = 0
        for (index, entry) in plan.entries.enumerated() {
            guard case .connect(let next) = entry.kind else { continue }
            sections.append(DatabaseSection(database: database, entries: start..<index))
            database = next
            start = index + 1
        }
        sections.append(DatabaseSection(database: database, entries: start..<plan.entries.count))
        return sections.filter { !$0.entries.isEmpty }
    }
}
