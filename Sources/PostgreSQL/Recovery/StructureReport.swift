import Backups

/// What `pg_amcheck` said of relations: a line that names one, and indented below it what is wrong
/// (`verify_heap_slot_handler` and `verify_btree_slot_handler` of src/bin/pg_amcheck/pg_amcheck.c). Errors come with their codes,
/// for it asks for verbose ones.
struct StructureReport {
    struct Finding: Equatable {
        /// `heap table "shop.public.orders", block 0, offset 3:`
        let head: String
        /// What is wrong, on one line.
        let text: String

        /// `shop.public.orders`, as it stands there, without quotes for its parts.
        var relation: String? {
            let parts = head.split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
            return parts.count == 3 ? String(parts[1]) : nil
        }

        var error: PostgreSQLError? {
            guard let start = text.firstRange(of: "ERROR:  ")?.upperBound else { return nil }
            let said = text[start...]
            guard let colon = said.firstIndex(of: ":"), said[..<colon].utf8.count == 5 else { return nil }
            return PostgreSQLError(
                severity: "ERROR", sqlstate: String(said[..<colon]),
                message: String(said[said.index(after: colon)...]).trimmed)
        }

        /// The relation is broken. All else kept it from being looked at: a library that is not here, no memory, a full disk.
        var isDamage: Bool {
            // Rows of `verify_heapam`.
            if head.contains("\", block ") { return true }
            return error?.showsDamage ?? false
        }

        /// Why it could not be looked at, where it is not damage.
        var obstacle: Obstacle? {
            guard let error else { return nil }
            let isLibrary =
                error.message.hasPrefix("could not access file") || error.message.hasPrefix("could not load library")
            let reason: Reason =
                switch error.sqlstate {
                case "53100": .diskFull
                case "53200": .outOfMemory
                case "55P03": .lockTimeout
                default: isLibrary ? .extensionMissing : .unexplainedError
                }
            return error.obstacle(reason, doing: "pg_amcheck")
        }

        /// Entries of an index are not in the order that this machine sorts texts in, which may not be production's.
        var isAboutOrder: Bool { head.hasPrefix("btree index ") && text.contains("invariant violated for index") }
    }

    private(set) var findings: [Finding] = []

    init(_ output: String) {
        for line in output.split(separator: "\n").map(String.init) {
            if line.first?.isWhitespace == true, let last = findings.popLast() {
                findings.append(
                    Finding(head: last.head, text: last.text.isEmpty ? line.trimmed : "\(last.text); \(line.trimmed)"))
            } else if line.hasPrefix("heap table ") || line.hasPrefix("btree index ") {
                findings.append(Finding(head: line.trimmed, text: ""))
            } else if let last = findings.popLast() {
                findings.append(Finding(head: last.head, text: "\(last.text); \(line.trimmed)"))
            }
        }
    }
}
