import Backups
import Integrity
import TestSupport
import Testing

@testable import PostgreSQL

/// What our loader restores is what psql restores.
@Suite(.serialized)
struct NativeLoaderTests {
    struct Variant: CustomStringConvertible, Sendable {
        let arguments: [String]
        let jobs: Int
        let major: Int
        var description: String { "\(arguments.joined(separator: " ")) over \(jobs) of \(major)" }

        init(_ arguments: String..., jobs: Int = 3, major: Int = 15) {
            self.arguments = arguments
            self.jobs = jobs
            self.major = major
        }

        static let all = [
            Variant(jobs: 1), Variant(jobs: 2), Variant(jobs: 4), Variant("--inserts", jobs: 1), Variant("--inserts"),
            Variant("--column-inserts", "--rows-per-insert=7"),
            Variant("--clean", "--if-exists"), Variant("--clean", jobs: 1), Variant("--clean"),
            Variant("--schema-only"),
            Variant("--load-via-partition-root"), Variant("--no-owner", "--no-privileges"),
            Variant("--disable-dollar-quoting", "--quote-all-identifiers"),
            Variant(jobs: 1, major: 18), Variant(jobs: 4, major: 18), Variant("--inserts", major: 18),
            Variant("--clean", "--if-exists", major: 18), Variant("--load-via-partition-root", major: 18),
            Variant("--statistics", major: 18),
        ]
    }

    @Test(arguments: Variant.all)
    func restoresWhatPsqlRestores(_ variant: Variant) throws {
        let server = try TestServer.shared(major: variant.major)
        let source = try Sources.corpus(variant.major).get()
        let directory = try TemporaryDirectory()
        let path = try source.dump(variant.arguments, to: directory.file("dump.sql"))
        let theirs = try server.createDatabase()
        _ = try theirs.restoreWithPsql(path, stopOnError: false)

        let name = "ours_\(theirs.name)"
        let outcome = try LoadSupport.load(
            try LoadSupport.scan(path), on: server, LoadOptions(jobs: variant.jobs, database: name))
        let ours = TestDatabase(server: server, name: name)
        #expect(outcome.findings == [])
        #expect(outcome.checks.map(\.verdict) == [.verified])
        let again = variant.arguments.filter { $0 == "--statistics" }
        let difference = LoadSupport.difference(
            try LoadSupport.text(of: theirs, again), try LoadSupport.text(of: ours, again))
        #expect(difference == nil)
    }

    /// Each restores under the name of the source, which makes place for it; then the one that was restored does.
    @Test(arguments: [15, 18], [1, 3])
    func restoresADumpThatCreatesItsDatabase(major: Int, jobs: Int) throws {
        let server = try TestServer.shared(major: major)
        let source = try KitchenSink.database(on: server)
        try source.run(
            "ALTER DATABASE \(source.name) SET work_mem = '7MB'; COMMENT ON DATABASE \(source.name) IS 'sink'")
        let directory = try TemporaryDirectory()
        let path = try source.dump(["--create"], to: directory.file("dump.sql"))
        let original = try LoadSupport.text(of: source, ["--create"])
        try moveAway(source, as: "source")

        let theirs = try server.maintenance.restoreWithPsql(path)
        #expect(theirs.status == 0, "\(theirs.errorText)")
        let restored = try LoadSupport.text(of: source, ["--create"])
        try moveAway(source, as: "psql")

        let outcome = try LoadSupport.load(try LoadSupport.scan(path), on: server, LoadOptions(jobs: jobs))
        #expect(outcome.findings == [])
        #expect(outcome.mainDatabase == source.name)
        let ours = try LoadSupport.text(of: source, ["--create"])
        #expect(LoadSupport.difference(restored, ours) == nil)
        #expect(LoadSupport.difference(original, ours) == nil)
    }

    /// A database that holds a subscription can't be dropped.
    private func moveAway(_ database: TestDatabase, as name: String) throws {
        try database.server.maintenance.run("ALTER DATABASE \(database.name) RENAME TO \(database.name)_\(name)")
    }

    /// Rows into tables that are there already, with their keys and triggers.
    @Test(arguments: [15, 18], [["--disable-triggers"], ["--disable-triggers", "--inserts"]])
    func restoresRowsAlone(major: Int, arguments: [String]) throws {
        let server = try TestServer.shared(major: major)
        let source = try Sources.corpus(major).get()
        let directory = try TemporaryDirectory()
        let schema = try source.dump(["--schema-only"], to: directory.file("schema.sql"))
        let path = try source.dump(["--data-only"] + arguments, to: directory.file("rows.sql"))
        let (theirs, ours) = (try server.createDatabase(), try server.createDatabase())
        for database in [theirs, ours] {
            let result = try database.restoreWithPsql(schema)
            #expect(result.status == 0, "\(result.errorText)")
        }
        let result = try theirs.restoreWithPsql(path)
        #expect(result.status == 0, "\(result.errorText)")
        let outcome = try LoadSupport.load(
            try LoadSupport.scan(path), on: server, LoadOptions(jobs: 3, database: ours.name))
        #expect(outcome.findings == [])
        #expect(outcome.frozen == [])
        #expect(outcome.rowsLoaded[TableName(schema: "sink", name: "many")] == 3000)
        let difference = LoadSupport.difference(try LoadSupport.text(of: theirs), try LoadSupport.text(of: ours))
        #expect(difference == nil)
    }

    @Test func streamsADumpWithoutAPlan() throws {
        let server = try TestServer.shared()
        let source = try Sources.sink.get()
        let directory = try TemporaryDirectory()
        for arguments in [[], ["--inserts"]] {
            let path = try source.dump(arguments, to: directory.file("dump.sql"))
            let dump = try LoadSupport.scan(path, planBudget: 4096)
            let theirs = try server.createDatabase()
            _ = try theirs.restoreWithPsql(path)
            #expect(!dump.plan.isRetained)
            let name = "streamed_\(arguments.count)"
            let outcome = try LoadSupport.load(dump, on: server, LoadOptions(jobs: 2, database: name))
            let ours = TestDatabase(server: server, name: name)
            #expect(outcome.findings == [])
            let difference = LoadSupport.difference(try LoadSupport.text(of: theirs), try LoadSupport.text(of: ours))
            #expect(difference == nil)
        }
    }

    @Test(arguments: [Compressor.gzip, .zstd])
    func loadsFromCompressedFiles(_ compressor: Compressor) throws {
        let server = try TestServer.shared()
        let source = try Sources.shop.get()
        let directory = try TemporaryDirectory()
        let path = try source.dump(to: directory.file("dump.sql"))
        let packed = try compressor.compress(path)
        let dump = try LoadSupport.scan(packed, compression: compressor.compression)
        let outcome = try LoadSupport.load(dump, on: server, LoadOptions(jobs: 3, database: "unpacked"))
        let ours = TestDatabase(server: server, name: "unpacked")
        #expect(outcome.findings == [])
        #expect(outcome.rowsLoaded == dump.contents.rows.filter { $0.value > 0 || outcome.rowsLoaded[$0.key] != nil })
        #expect(LoadSupport.difference(try LoadSupport.text(of: source), try LoadSupport.text(of: ours)) == nil)
        try ours.drop()
    }

    /// The databases that are dumped.
    enum Sources {
        static let sink = Result { try KitchenSink.database(on: try TestServer.shared()) }
        static let newerSink = Result { try KitchenSink.database(on: try TestServer.shared(major: 18)) }
        static let shop = Result { try ShopDatabase(orders: 300).database(on: try TestServer.shared()) }

        static func corpus(_ major: Int) -> Result<TestDatabase, any Error> { major == 18 ? newerSink : sink }
    }
}
