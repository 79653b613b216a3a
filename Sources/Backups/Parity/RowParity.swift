/// Rows of a restored database against what they must be. Pure: three counts in, checks and a table out.
package struct RowParity: Sendable {
    /// What the restored rows are held against besides the dump itself.
    package enum Reference: Sendable {
        case none
        /// Counted in the dump's own snapshot: exact.
        case manifest(Manifest)
        /// Counted now in a live database, which has moved on since the backup. `nil`: nobody said by how much.
        case live([TableName: UInt64], Drift?)
    }

    package var dump: [TableName: UInt64]
    /// Tables whose rows can't be counted in the dump: only a manifest can say what they must be.
    package var uncounted: Set<TableName>
    package var restored: [TableName: UInt64]
    package var families: TableFamilies
    /// Restored tables of extensions: a manifest does not name them.
    package var extensionTables: Set<TableName>
    package var reference: Reference
    /// The only tables that were restored, with `--table` and `--schema`; `nil` for all.
    package var selection: Set<TableName>?
    /// Rows that extensions put into their own tables at the restore, besides those of the dump.
    package var filled: [TableName: UInt64] = [:]
    /// Tables of extensions that fill them with nobody knows how many rows: told, and not compared.
    package var unjudged: Set<TableName> = []

    package init(
        dump: [TableName: UInt64], uncounted: Set<TableName> = [], restored: [TableName: UInt64],
        families: TableFamilies = TableFamilies(), extensionTables: Set<TableName> = [], reference: Reference = .none,
        selection: Set<TableName>? = nil
    ) {
        self.dump = dump
        self.uncounted = uncounted
        self.restored = restored
        self.families = families
        self.extensionTables = extensionTables
        self.reference = reference
        self.selection = selection
    }

    package struct Outcome: Sendable, Equatable {
        package var checks: [Check]
        /// Sorted by name.
        package var tables: [TableResult]
        /// Tables of the dump that the manifest names; `nil` without one.
        package var namedInManifest: UInt64?
        /// Tables of the dump that it must name, and does not.
        package var unnamedInManifest: UInt64 = 0
    }

    /// Lines of details that a check carries at most.
    static let detailLimit = 50

    package func compare() -> Outcome {
        let own = compareWithDump()
        var checks = [own.check]
        var rows = own.rows
        var named: ReferenceResult?
        switch reference {
        case .none: break
        case .manifest(let manifest):
            let result = compare(with: manifest.rows, proof: manifest.proof, into: &rows)
            checks.append(manifestCheck(result))
            named = result
        case .live(let live, let drift):
            let result = compare(with: live, proof: .bounds, into: &rows, allowing: drift ?? .none)
            checks.append(liveCheck(result, drift))
        }
        return Outcome(
            checks: checks, tables: rows.values.sorted { $0.name < $1.name }.map(\.result),
            namedInManifest: named.map { UInt64($0.compared) }, unnamedInManifest: named?.unnamed ?? 0)
    }

    private func selected(_ rows: [TableName: UInt64]) -> [TableName: UInt64] {
        guard let selection else { return rows }
        return rows.filter { selection.contains($0.key) || families.roots[$0.key].map(selection.contains) ?? false }
    }

    private func compareWithDump() -> (check: Check, rows: [TableName: TableRows]) {
        let (dump, restored) = (selected(dump), selected(restored))
        let summed = families.summed(dump, restored)
        let left = families.gather(dump, summing: summed)
        let right = families.gather(restored, summing: summed)
        let added = families.gather(filled, summing: summed)
        let open = Set(families.gather(unjudged.reduce(into: [:]) { $0[$1] = 0 }, summing: summed).keys)
        var rows: [TableName: TableRows] = [:]
        var differences: [String] = []
        var unheld: [String] = []
        var mayLieOutside = selection != nil
        for name in Set(left.keys).union(right.keys).sorted() {
            if open.contains(name) {
                rows[name] = TableRows(name: name, dump: left[name], restored: right[name], proof: .none)
                continue
            }
            guard !isUncounted(name) else {
                rows[name] = TableRows(name: name, dump: nil, restored: right[name], proof: .none)
                if !isInManifest(name) {
                    unheld.append("\(name): \(Quantity.count(right[name] ?? 0)) restored, no count in the dump")
                }
                continue
            }
            let (expected, found) = ((left[name] ?? 0) + (added[name] ?? 0), right[name])
            let isEqual = expected == (found ?? 0) && (found != nil || left[name] == nil)
            rows[name] = TableRows(name: name, dump: left[name], restored: found, proof: isEqual ? .itself : .none)
            guard !isEqual else { continue }
            if let found, found > 0 { mayLieOutside = false }
            let held = "\(Quantity.count(expected)) in the dump" + (added[name] == nil ? "" : " and its extension")
            differences.append(
                "\(name): \(held), "
                    + (found.map { "\(Quantity.count($0)) restored" }
                        ?? "the table is missing from the restored database"))
        }
        let (total, tables) = right.filter { !open.contains($0.key) }.reduce(into: (UInt64(0), UInt64(0))) {
            $0 = ($0.0 + $1.value, $0.1 + 1)
        }
        if mayLieOutside, !differences.isEmpty { return (needsWhole(differences), rows) }
        let message =
            "\(Quantity.count(total, "row")) in \(Quantity.count(tables, "table")), "
            + "as many as in the dump\(extensionRemark(open.count))"
        let check = dumpCheck(differences, unheld, message, details: Self.bounded(extensionNotes(rows)))
        return (check, rows)
    }

    private func dumpCheck(
        _ differences: [String], _ unheld: [String], _ message: String, details: [String]
    ) -> Check {
        guard differences.isEmpty else {
            return .failed(
                "rows", in: .rows, .rowsDiffer,
                "\(Quantity.count(UInt64(differences.count), "table")) came back with other rows than the dump holds",
                details: Self.bounded(differences))
        }
        guard unheld.isEmpty else {
            return .inconclusive(
                "rows", in: .rows, .unknownFormat,
                "the rows of \(Quantity.count(UInt64(unheld.count), "table")) can't be counted in the dump, "
                    + "which fills them with INSERT and no VALUES",
                hint: "Make the backup with pg_dump, or with restorable dump: its manifest says the rows.",
                details: Self.bounded(unheld))
        }
        return .verified("rows", in: .rows, message, details: details)
    }

    /// Rows sent to a root lie in its leaves, and a sum with a leaf that can't be counted can't be either.
    func isUncounted(_ table: TableName) -> Bool {
        guard !uncounted.isEmpty else { return false }
        return uncounted.contains(table) || families.roots[table].map(uncounted.contains) ?? false
            || uncounted.contains { families.roots[$0] == table }
    }

    /// Whether a manifest that was counted in the database holds the rows of a table.
    private func isInManifest(_ table: TableName) -> Bool {
        guard case .manifest(let manifest) = reference, manifest.proof == .manifest else { return false }
        return manifest.rows[table] != nil
    }

    /// A table of a selection that did not come back at all may need what the selection leaves out: the type of a column,
    /// an extension, a function.
    private func needsWhole(_ differences: [String]) -> Check {
        .inconclusive(
            "rows", in: .rows, .selectionOnly,
            "\(Quantity.count(UInt64(differences.count), "table")) of the selection did not come back without the rest",
            hint: "Verify all of the backup: what the tables need may lie outside of the selection.",
            details: Self.bounded(differences))
    }

    private func extensionRemark(_ open: Int) -> String {
        let added = selected(filled).values.reduce(0, +)
        return (added > 0 ? " and its extensions, which made \(Quantity.count(added))" : "")
            + (open > 0 ? "; \(Quantity.count(UInt64(open), "table")) of extensions not compared" : "")
    }

    /// What is not the dump's alone.
    private func extensionNotes(_ rows: [TableName: TableRows]) -> [String] {
        rows.keys.sorted().compactMap { name in
            if unjudged.contains(name) {
                return "\(name): not compared: its extension fills it, and how far could not be found out"
            }
            return filled[name].flatMap { $0 > 0 ? "\(name): \(Quantity.count($0)) of them from its extension" : nil }
        }
    }

    static func bounded(_ lines: [String]) -> [String] {
        guard lines.count > detailLimit else { return lines }
        return lines.prefix(detailLimit) + ["… and \(lines.count - detailLimit) more"]
    }
}
