import Backups
import PostgreSQL
import TestSupport
import Testing

@Suite struct ComparisonTests {
    static func compare(_ first: TestDatabase, _ second: TestDatabase) throws -> [String: Verdict] {
        let comparison = Comparison(
            try ConnectionParameters(conninfo: first.conninfo), try ConnectionParameters(conninfo: second.conninfo),
            checksums: true)
        let outcome = try comparison.run(cancellation: Cancellation())
        return Dictionary(outcome.checks.map { ($0.name, $0.verdict) }, uniquingKeysWith: { first, _ in first })
    }

    @Test func copyIsEqualUntilItIsChanged() throws {
        let server = try TestServer.shared()
        let original = try DumpJobTests.makeShop(server)
        let copy = try original.copy(into: server)
        let all = ["schema", "sequences", "rows-live", "checksums"]
        let equal = Dictionary(uniqueKeysWithValues: all.map { ($0, Verdict.verified) })
        #expect(try Self.compare(original, copy) == equal)
        let changes = [
            ("DROP TABLE \"odd name\"", ["schema", "rows-live", "checksums"]),
            ("UPDATE orders SET note = 'x' WHERE id = 1", ["checksums"]),
            ("DELETE FROM orders WHERE id = 2", ["rows-live", "checksums"]),
            ("SELECT setval('orders_id_seq', 5)", ["sequences"]),
        ]
        for (sql, failing) in changes {
            let changed = try original.copy(into: server)
            try changed.run(sql)
            let verdicts = try Self.compare(original, changed)
            for name in all {
                #expect((verdicts[name] != .verified) == failing.contains(name), "\(sql): \(name)")
            }
            #expect(verdicts.values.contains(.failed))
        }
    }
}
