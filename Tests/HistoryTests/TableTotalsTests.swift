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

    @Test func whatWasNotComparedIsNotKnown() {
        let dumpOnly = TableTotals([Sample.table("a", dump: 3, restored: nil)])
        #expect(dumpOnly.mismatched == nil && dumpOnly.restoredRows == nil && dumpOnly.restoredTables == nil)
        #expect(TableTotals([]).mismatched == nil)
        #expect(TableTotals([Sample.table("a", dump: nil, restored: 3)]).mismatched == nil)
    }
}
