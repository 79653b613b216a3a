extension BoundsParity {
    /// Decision record 0060: here production's own counters, and not a person, state how far it moved. What lies outside
    /// them is `failed`; a table without bounds keeps the check from being verified, and blames nobody; one that only one
    /// side has is told, and proves nothing.
    func check(_ tables: [BoundedTable]) -> Check {
        let name = Self.checkName
        let judged = tables.filter { $0.verdict != nil }
        let total = Quantity.count(UInt64(judged.count), "table")
        let outside = tables.filter { $0.verdict == .failed }
        let unknown = tables.filter { $0.verdict == .inconclusive }
        let apart = tables.filter { $0.verdict == nil }
        let details = RowParity.bounded((outside + unknown + apart).map(\.text))
        guard !judged.isEmpty else {
            return .inconclusive(
                name, in: .rows, .boundsUnknown, "production has none of the tables of the backup",
                hint: "Does connection name the database that was dumped?", details: details)
        }
        guard outside.isEmpty else {
            return .failed(
                name, in: .rows, .rowsDiffer,
                "\(outside.count) of \(total) came back with rows that production's own counters rule out",
                details: details)
        }
        guard unknown.isEmpty else {
            return .inconclusive(
                name, in: .rows, .boundsUnknown,
                "production's counters do not prove the rows of \(unknown.count) of \(total)",
                hint:
                    "The details say why for each table. Backups made with restorable dump carry a manifest, which is "
                    + "exact; tables that are left out or emptied on purpose can be named in rows.unbounded.",
                details: details)
        }
        return .verified(
            name, in: .rows,
            "\(total) \(judged.count == 1 ? "has" : "have") as many rows as production's counters say they must"
                + (apart.isEmpty ? "" : "; \(apart.count) not compared"),
            details: RowParity.bounded((judged + apart).map(\.text)))
    }
}
