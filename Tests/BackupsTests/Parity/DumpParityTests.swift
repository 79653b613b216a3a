import Backups
import Testing

@Suite struct DumpParityTests {
    private static let a = TableName(schema: "public", name: "a")
    private static let b = TableName(schema: "public", name: "b")
    private static let root = TableName(schema: "public", name: "root")

    @Test(
        arguments: [
            ([a: 3, b: 0], [a: 3, b: 0]),
            // A table without rows has no INSERT.
            ([a: 3], [a: 3, b: 0]),
            // The rows of b went through root, which has none of its own.
            ([a: 3, root: 5], [a: 3, b: 5]),
        ] as [([TableName: UInt64], [TableName: UInt64])])
    func theRowsThatWereThereAreVerified(dump: [TableName: UInt64], manifest: [TableName: UInt64]) {
        #expect(DumpParity(dump: dump, manifest: manifest).check().verdict == .verified)
    }

    @Test func whatCannotBeCountedIsNotCompared() {
        let parity = DumpParity(dump: [Self.b: 1], uncounted: [Self.a], manifest: [Self.a: 3, Self.b: 1])
        #expect(parity.check().verdict == .verified)
        let less = DumpParity(dump: [Self.b: 0], uncounted: [Self.a], manifest: [Self.a: 3, Self.b: 1])
        #expect(less.check().verdict == .failed)
    }

    @Test(
        arguments: [
            ([a: 2, b: 0], [a: 3, b: 0]),
            ([a: 3], [a: 3, b: 1]),
            ([:], [a: 3]),
            ([a: 4, root: 5], [a: 3, b: 5]),
        ] as [([TableName: UInt64], [TableName: UInt64])])
    func otherRowsFail(dump: [TableName: UInt64], manifest: [TableName: UInt64]) {
        let check = DumpParity(dump: dump, manifest: manifest).check()
        #expect(check.verdict == .failed)
        #expect(check.reason == .rowsDiffer)
        #expect(!check.details.isEmpty)
    }
}
