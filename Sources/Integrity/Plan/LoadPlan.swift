/// What a plain dump asks a server to do, in the order of the file, as the integrity pass saw it.
///
/// Memory is bounded whatever the size of the dump: data is only pointed at, runs of `INSERT` are one entry, and when
/// the statements themselves outgrow their budget, `isRetained` is false, `entries` is empty, and the dump is loaded as
/// a stream instead.
package struct LoadPlan: Sendable {
    package var entries: [PlanEntry]
    /// Session settings in force, by ``PlanEntry/context``: name → the statement that set it, in order of first setting.
    package var contexts: [SessionContext]
    /// Every statement's text is in its entry.
    package var isRetained: Bool
    /// Something in it works only in the session it stands in (an explicit transaction, a temporary table, `SET LOCAL`):
    /// to be loaded in order over one connection. pg_dump writes no such thing but for large objects, whose transactions
    /// are inside bulk runs and don't count.
    package var needsOneSession = false

    package init(entries: [PlanEntry] = [], contexts: [SessionContext] = [SessionContext()], isRetained: Bool = true) {
        self.entries = entries
        self.contexts = contexts
        self.isRetained = isRetained
    }
}

/// Settings of a session at one place in a dump (`SET …`, `SELECT pg_catalog.set_config(…)`).
package struct SessionContext: Sendable, Hashable {
    /// Lower-case name of the setting and the whole statement that last set it.
    package var statements: [(name: String, statement: [UInt8])] = []

    package init() {}

    package func hash(into hasher: inout Hasher) {
        for (name, statement) in statements {
            hasher.combine(name)
            hasher.combine(statement)
        }
    }

    package static func == (left: SessionContext, right: SessionContext) -> Bool {
        left.statements.elementsEqual(right.statements) { $0 == $1 }
    }
}
