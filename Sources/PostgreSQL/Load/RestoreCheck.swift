import Backups

/// The check `restore`, from what was gathered during a load.
struct RestoreCheck {
    let findings: [Finding]
    let counts: [Verdict: Int]
    let harmless: [HarmlessError: Int]
    let statements: Int
    let rows: [TableName: UInt64]
    let createdRoles: [String]
    let createdTablespaces: [String]
    /// Databases that the dump connects to and does not create.
    let createdDatabases: [String]
    /// The program that restored; it does not say how many statements and rows there were.
    let program: String?

    private static let name = "restore"
    private static let shownFindings = 20
    private static let part = "what it could of the selection alone"

    var check: Check {
        let total = rows.values.reduce(0, &+)
        guard let worst = findings.first(where: { $0.verdict == .failed }) ?? findings.first else {
            return .verified(
                Self.name, in: .restore,
                program.map { "\($0) restored \(harmless[SelectionRules.harmless] == nil ? "all of it" : Self.part)" }
                    ?? "\(Quantity.count(UInt64(statements), "statement")) ran, \(Quantity.count(total, "row")) loaded",
                details: notes)
        }
        let count = counts[worst.verdict, default: 1]
        let others = count > 1 ? ", the first of \(count) like it" : ""
        let message = "\(worst.message)\(others)\(Self.quoted(worst.statement))"
        let reason = worst.reason ?? .unexplainedError
        let details = findings.prefix(Self.shownFindings).map { finding in
            "\(finding.location.map { "\($0): " } ?? "")\(finding.message)\(Self.quoted(finding.statement))"
        }
        if worst.verdict == .failed {
            return .failed(
                Self.name, in: .restore, reason, message,
                hint: worst.hint ?? strayed(reason)
                    ?? "Restore from another backup, and look at what production holds there.",
                at: worst.location, details: details + notes)
        }
        return .inconclusive(
            Self.name, in: .restore, reason, message,
            hint: worst.hint
                ?? "Run the statement where it can be looked at: --keep-scratch leaves the server running.",
            at: worst.location, details: details + notes)
    }

    /// What is missing may have gone into another database.
    private func strayed(_ reason: Reason) -> String? {
        guard reason == .objectMissing, !createdDatabases.isEmpty else { return nil }
        return "The dump connects to \(Self.list(createdDatabases)) and does not create it: look for that \\connect."
    }

    /// Behind a message; nothing for what a program said of no statement.
    private static func quoted(_ statement: String) -> String { statement.isEmpty ? "" : ": \(statement)" }

    private var notes: [String] {
        var notes = harmless.sorted { $0.key.because < $1.key.because }.map { harmless, count in
            "passed over \(count) \(count == 1 ? "time" : "times"): \(harmless.because)"
        }
        if !createdRoles.isEmpty {
            notes.append("made roles that the dump needs and does not bring: \(Self.list(createdRoles))")
        }
        if !createdDatabases.isEmpty {
            notes.append("made databases that the dump connects to and does not create: \(Self.list(createdDatabases))")
        }
        if !createdTablespaces.isEmpty {
            notes.append("made tablespaces that the dump needs and does not bring: \(Self.list(createdTablespaces))")
        }
        return notes
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.sorted().prefix(20).map { SQLIdentifier.quotedIfNeeded($0) }
        return shown.joined(separator: ", ") + (names.count > 20 ? ", …" : "")
    }
}
