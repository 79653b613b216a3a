extension RowParity {
    struct ReferenceResult {
        var compared = 0
        var total: UInt64 = 0
        /// Not equal, and not within what was allowed.
        var differences: [String] = []
        /// Not equal, but within what was allowed.
        var moved: [String] = []
        /// Only restored: the reference does not know the table.
        var unknown: [String] = []
        /// Those of them that the dump holds, and that belong to no extension.
        var unnamed: UInt64 = 0
    }

    /// Compares the restored rows with `reference`, and notes its counts in `rows`.
    ///
    /// Tables of extensions are dumped when the extension says so and are in no reference: an entry that only the
    /// restored side has is no difference, it is named.
    func compare(
        with reference: [TableName: UInt64], proof: Proof, into rows: inout [TableName: TableRows],
        allowing drift: Drift = .none
    ) -> ReferenceResult {
        let chosen = reference.filter { isSelected($0.key) }
        let own = restored.filter { isSelected($0.key) }
        let summed = families.summed(dump, chosen).union(families.summed(own, chosen))
        let left = families.gather(chosen, summing: summed)
        let right = families.gather(own, summing: summed)
        var result = ReferenceResult()
        for name in Set(left.keys).union(right.keys).sorted() where !unjudged.contains(name) {
            guard let expected = left[name].map({ $0 + (filled[name] ?? 0) }) else {
                result.unknown.append("\(name): \(Quantity.count(right[name] ?? 0)) restored, not in the reference")
                if rows[name]?.dump != nil || isUncounted(name), !extensionTables.contains(name) { result.unnamed += 1 }
                continue
            }
            let found = right[name]
            result.compared += 1
            result.total += found ?? 0
            let isEqual = found == expected
            let isAllowed = found.map { drift.allows(restored: $0, live: expected) } ?? false
            var row = rows[name] ?? TableRows(name: name, dump: nil, restored: found, proof: .none)
            row.reference = expected
            if isAllowed, row.dump == nil || row.proof != .none { row.proof = proof }
            if !isAllowed { row.proof = .none }
            rows[name] = row
            guard !isEqual else { continue }
            let line =
                found.map { "\(name): \(Quantity.count(expected)) expected, \(Quantity.count($0)) restored" }
                ?? "\(name): \(Quantity.count(expected)) expected, the table is missing from the restored database"
            if isAllowed {
                result.moved.append(line)
            } else if selection != nil, found ?? 0 == 0, row.dump == expected {
                // The check against the dump says that it may need the rest of the backup.
                result.unknown.append(line)
            } else {
                result.differences.append(line)
            }
        }
        return result
    }

    private func isSelected(_ table: TableName) -> Bool {
        guard let selection else { return true }
        return selection.contains(table) || families.roots[table].map(selection.contains) ?? false
    }

    func manifestCheck(_ result: ReferenceResult) -> Check {
        let tables = Quantity.count(UInt64(result.compared), "table")
        guard result.differences.isEmpty else {
            return .failed(
                "rows-manifest", in: .rows, .rowsDiffer,
                "\(result.differences.count) of \(tables) came back with other rows than the manifest says were there",
                details: Self.bounded(result.differences))
        }
        guard result.compared > 0 else {
            return .inconclusive(
                "rows-manifest", in: .rows, .empty, "the manifest names none of the restored tables",
                hint:
                    "Write a manifest of this backup with restorable manifest write, or make backups with restorable dump: its "
                    + "manifest has every table.")
        }
        let rest =
            result.unnamed == 0
            ? "" : "; it does not name \(Quantity.count(result.unnamed, "more table")) of the dump"
        return .verified(
            "rows-manifest", in: .rows,
            "\(Quantity.count(result.total, "row")) in \(tables), exactly what the manifest says was there\(rest)",
            details: Self.bounded(result.unknown))
    }

    package static let liveCheckName = "rows-live"

    /// Decision record 0060: production moves on. Only who states how far it may have moved makes a difference a
    /// failure of the backup; without that a difference is a question.
    func liveCheck(_ result: ReferenceResult, _ drift: Drift?) -> Check {
        let name = Self.liveCheckName
        let tables = Quantity.count(UInt64(result.compared), "table")
        guard result.compared > 0 else {
            return .inconclusive(name, in: .rows, .empty, "the live database has none of the restored tables")
        }
        guard result.differences.isEmpty else {
            let details = Self.bounded(result.differences)
            guard let drift else {
                return .inconclusive(
                    name, in: .rows, .rowsDiffer,
                    "\(result.differences.count) of \(tables) have other rows than the live database has now",
                    hint: "The live database may have moved on since the backup. Say with --drift how far it may have, "
                        + "or make backups with restorable dump: its manifest is exact.",
                    details: details)
            }
            return .failed(
                name, in: .rows, .rowsDiffer,
                "\(result.differences.count) of \(tables) differ from the live database by more than \(drift)",
                hint: "If the live database really moved that far since the backup, allow more with --drift.",
                details: details)
        }
        let message =
            result.moved.isEmpty
            ? "\(tables) have exactly the rows of the live database"
            : "\(tables) have the rows of the live database, \(result.moved.count) of them within the drift of "
                + "\(drift ?? .none)"
        return .verified(name, in: .rows, message, details: Self.bounded(result.moved + result.unknown))
    }
}
