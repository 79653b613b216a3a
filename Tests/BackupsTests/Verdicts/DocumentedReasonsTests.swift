import Backups
import TestSupport
import Testing

/// `docs/reasons.md` and `Reason.all` say the same, in the same order.
@Suite struct DocumentedReasonsTests {
    @Test func everyReasonIsDocumented() throws {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let page = try TestFile.text("/\(root)/docs/reasons.md")
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }
        let documented = rows.compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) }
        #expect(documented == Reason.all.map(\.rawValue))
        for row in rows {
            #expect(row.split(separator: "|").count { !$0.allSatisfy { $0 == " " } } == 3, "\(row)")
        }
    }

    @Test func everyReasonIsListedOnce() {
        #expect(Set(Reason.all).count == Reason.all.count)
    }
}
