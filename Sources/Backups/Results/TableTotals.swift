/// What the tables of one report add up to. Pure.
package struct TableTotals: Sendable, Equatable {
    /// `nil` where no restored table was counted.
    package let restoredRows: UInt64?
    package let restoredTables: UInt64?
    /// Tables with other rows, another content or another definition than they should have; `nil` where no table was counted in
    /// two places. A difference that a proof allows (rows within the bounds of production's counters) is none.
    package let mismatched: Int?

    package init(_ report: VerificationReport) { self.init(report.tables, differing: report.differing) }

    /// - Parameter differing: tables whose content or definition differs.
    package init(_ tables: [TableResult], differing: Set<TableName> = []) {
        let restored = tables.compactMap(\.restoredRows)
        restoredTables = restored.isEmpty ? nil : UInt64(restored.count)
        restoredRows = restored.isEmpty ? nil : restored.reduce(0, &+)
        let compared = tables.filter { table in
            [table.dumpRows, table.restoredRows, table.referenceRows].count { $0 != nil } > 1
        }
        let other = compared.filter { $0.differs && $0.proof == .none }.map(\.name)
        mismatched = compared.isEmpty && differing.isEmpty ? nil : differing.union(other).count
    }
}
