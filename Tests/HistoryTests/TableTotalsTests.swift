import Backups
import Testing

@testable import History

@Suite struct TableTotalsTests {
    @Test func addsUpWhatIsKnown() {
        let totals = TableTotals([
            Sample.table("a", dump: 3, restored: 3), Sample.table("b", dump: 4, restored: nil),
            Sample.table("c", dump: 5, restored: 4, proof: .none),
            Sample.table("d", dump: 5, restored: 6, proof: .bounds),
        ])
        #expect(totals.restoredRows == 13 && totals.restoredTables == 3 && totals.mismatched == 1)
    }

    /// A table that differs in two ways is one.
    @Test func contentAndDefinitionCountToo() {
        let tables = [
            Sample.table("a", dump: 3, restored: 3), Sample.table("b", dump: 4, restored: 3, proof: .none),
            Sample.table("c", dump: 5, restored: 5),
        ]
        let differing = Set(["a", "b", "lost"].map { TableName(schema: "public", name: $0) })
        #expect(TableTotals(tables).mismatched == 1)
        #expect(TableTotals(tables, differing: differing).mismatched == 3)
        #expect(TableTotals([], differing: differing).mismatched == 3)
        var report = Sample.report(Sample.backup(1), .failed, tables: tables, at: .day(1))
        report.differing = differing
        #expect(TableTotals(report).mismatched == 3)
    }

    @Test func whatWasNotComparedIsNotKnown() {
        let dumpOnly = TableTotals([Sample.table("a", dump: 3, restored: nil)])
        #expect(dumpOnly.mismatched == nil && dumpOnly.restoredRows == nil && dumpOnly.restoredTables == nil)
        #expect(TableTotals([]).mismatched == nil)
        #expect(TableTotals([Sample.table("a", dump: nil, restored: 3)]).mismatched == nil)
    }
}
