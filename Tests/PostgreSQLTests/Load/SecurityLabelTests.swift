import Backups
import Integrity
import TestSupport
import Testing

@testable import PostgreSQL

/// Labels that only a server with their provider takes: loaded, read from the catalog, compared.
@Suite(.serialized)
struct SecurityLabelTests {
    /// A server with the provider, and the sink with labels in it. One for all tests.
    struct Labelled: Sendable {
        let directory: TemporaryDirectory
        let installation: TestInstallation
        let sink: TestDatabase

        init() throws {
            directory = try TemporaryDirectory()
            installation = try LabelProvider.installation(in: directory)
            sink = try KitchenSink.database(on: try Self.server(of: installation))
            try sink.run(KitchenSink.labels)
        }

        static func server(of installation: TestInstallation) throws -> TestServer {
            try TestServer(installation, settings: ["shared_preload_libraries": LabelProvider.name])
        }
    }

    static let labelled = Result { try Labelled() }

    @Test(arguments: RestoreFindingTests.Way.allCases)
    func labelsComeBack(_ way: RestoreFindingTests.Way) throws {
        let sink = try Self.labelled.get().sink
        let name = "labelled_\(way)"
        let outcome = try RestoreFindingTests.restore(sink, way, as: name)
        #expect(outcome.findings == [])
        let restored = TestDatabase(server: sink.server, name: name)
        let text = try LoadSupport.text(of: sink)
        #expect(text.count { $0.hasPrefix("SECURITY LABEL FOR sink_labels ON ") } == 15)
        #expect(LoadSupport.difference(text, try LoadSupport.text(of: restored)) == nil)
    }

    /// PostgreSQL: security label provider "sink_labels" is not loaded (22023).
    @Test(arguments: RestoreFindingTests.Way.allCases)
    func aServerWithoutTheProviderIsNoFaultOfTheBackup(_ way: RestoreFindingTests.Way) throws {
        let source = try Self.labelled.get().sink.server.createDatabase()
        try source.run("CREATE TABLE t (a int); INSERT INTO t VALUES (1)")
        let other = try TestServer.shared(major: 18)
        let name = "unlabelled_\(way)"
        #expect(try RestoreFindingTests.restore(source, way, as: name, on: other).findings == [])
        try TestDatabase(server: other, name: name).drop()
        try source.run(KitchenSink.label("TABLE t") + KitchenSink.label("COLUMN t.a"))
        let outcome = try RestoreFindingTests.restore(source, way, as: name, on: other)
        #expect(outcome.checks.map(\.verdict) == [.inconclusive])
        #expect(outcome.checks.map(\.reason) == [.extensionMissing])
        #expect(outcome.checks.first?.hint?.contains("--preload") == true)
        // An archive holds both labels of the table in one entry.
        #expect(!outcome.findings.isEmpty && outcome.findings.allSatisfy { $0.reason == .extensionMissing })
        try source.drop()
    }

    /// Roles and databases belong to the server: `pg_dumpall` has their labels.
    @Test(arguments: [1, 3])
    func labelsOfRolesComeBack(jobs: Int) throws {
        let installation = try Self.labelled.get().installation
        let production = try Labelled.server(of: installation)
        try production.maintenance.run(KitchenSink.rolesSQL + KitchenSink.roleLabels)
        let shop = try production.createDatabase(named: "shop")
        try shop.run(
            "CREATE TABLE t (a int);" + KitchenSink.label("TABLE t", "open") + KitchenSink.label("DATABASE shop"))
        let directory = try TemporaryDirectory()
        let path = try production.dumpAll(to: directory.file("all.sql"))
        let scratch = try Labelled.server(of: installation)
        let outcome = try LoadSupport.load(try LoadSupport.scan(path), on: scratch, LoadOptions(jobs: jobs))
        #expect(outcome.findings == [])
        let text = try WholeServerTests.text(ofAll: production)
        #expect(text.count { $0.hasPrefix("SECURITY LABEL FOR sink_labels ON ") } == 3)
        #expect(LoadSupport.difference(text, try WholeServerTests.text(ofAll: scratch)) == nil)
    }

    @Test(arguments: [
        (KitchenSink.label("TABLE sink.many", "open"), "security label of sink_labels on table sink.many"),
        (
            KitchenSink.label("COLUMN sink.many.hash", "open"),
            "security label of sink_labels on table column sink.many.hash"
        ),
        (
            "SECURITY LABEL FOR sink_labels ON FUNCTION sink.on_ddl() IS NULL",
            "security label of sink_labels on function sink.on_ddl()"
        ),
        (KitchenSink.label("TABLE sink.hard"), "security label of sink_labels on table sink.hard"),
    ])
    func aChangedLabelIsSeen(sql: String, key: String) throws {
        let sink = try Self.labelled.get().sink
        let connection = try sink.connect()
        let before = try CatalogSnapshot.read(connection)
        try connection.execute("BEGIN")
        #expect(SchemaDifference(before, try CatalogSnapshot.read(connection), tolerance: .none).entries == [])
        try connection.execute(sql)
        let after = try CatalogSnapshot.read(connection)
        try connection.execute("ROLLBACK")
        let difference = SchemaDifference(before, after)
        #expect(difference.counting.map(\.key) == [key], "\(difference.lines)")
        #expect(difference.check(against: "the manifest", meaning: .exact).reason == .schemaDiffers)
        #expect(
            try SchemaFingerprint.make(of: after).fingerprint != SchemaFingerprint.make(of: before).fingerprint)
    }
}
