import Backups
import PostgreSQL
import TestSupport
import Testing

@Suite struct SchemaRoundTripTests {
    static func makeCorpus(on server: TestServer) throws -> TestDatabase {
        try server.maintenance.run(CatalogCorpus.rolesSQL)
        let database = try server.createDatabase()
        try database.run(CatalogCorpus.sql)
        return database
    }

    @Test(arguments: [15, 18]) func restoredSchemaIsEqual(major: Int) throws {
        let server = try TestServer.shared(major: major)
        let original = try Self.makeCorpus(on: server)
        defer { Self.dropSubscription(original) }
        let copy = try original.copy(into: server)
        defer { Self.dropSubscription(copy) }
        let (before, after) = (
            try CatalogSnapshot.read(try original.connect()), try CatalogSnapshot.read(try copy.connect())
        )
        #expect(before.objects.count > 200)
        #expect(Set(before.objects.map(\.kind)).count > 35)
        #expect(before.sequences == after.sequences)
        #expect(before.sequences[TableName(schema: "shop", name: "s")]?.lastValue == 15)
        #expect(before.largeObjects == 1 && after.largeObjects == 1)
        let difference = SchemaDifference(before, after, tolerance: .none)
        #expect(difference.lines == [])
        let fingerprint = try SchemaFingerprint.make(of: before)
        #expect(try SchemaFingerprint.make(of: after) == fingerprint)
        #expect(difference.check(against: "the original", meaning: .exact).verdict == .verified)
    }

    @Test func restoredByTheNextVersionDiffersOnlyWhereItPrintsDifferently() throws {
        let original = try Self.makeCorpus(on: try TestServer.shared(major: 15))
        defer { Self.dropSubscription(original) }
        try original.run(
            "ALTER SUBSCRIPTION sub DISABLE; ALTER SUBSCRIPTION sub SET (slot_name = NONE); DROP SUBSCRIPTION sub")
        let newer = try TestServer.shared(major: 18)
        try newer.maintenance.run(CatalogCorpus.rolesSQL)
        let copy = try original.copy(into: newer)
        let before = try CatalogSnapshot.read(try original.connect())
        let after = try CatalogSnapshot.read(try copy.connect())
        let difference = SchemaDifference(before, after)
        #expect(difference.counting.flatMap(\.lines) == [])
        #expect(difference.excused.contains { $0.key == "view shop.v" && $0.change == .changed })
        #expect(difference.check(against: "the original", meaning: .exact).verdict == .verified)
        let schema = try SchemaFingerprint.make(of: before)
        let againstManifest = try SchemaDifference(schema, serverMajor: 15, after)
        #expect(againstManifest.counting.flatMap(\.lines) == [])
        // What is gone counts, whatever the versions.
        try copy.run("DROP VIEW shop.v2")
        let broken = try SchemaDifference(schema, serverMajor: 15, try CatalogSnapshot.read(try copy.connect()))
        #expect(broken.counting.contains { $0.key == "view shop.v2" && $0.change == .missing })
    }

    /// A database with a subscription can't be dropped, and a subscription belongs to the cluster.
    private static func dropSubscription(_ database: TestDatabase) {
        try? database.run(
            "ALTER SUBSCRIPTION sub DISABLE; ALTER SUBSCRIPTION sub SET (slot_name = NONE); DROP SUBSCRIPTION sub")
    }
}
