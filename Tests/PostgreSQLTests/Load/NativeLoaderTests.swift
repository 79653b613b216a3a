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
        var description: String { "\(arguments.joined(separator: " ")) over \(jobs)" }

        init(_ arguments: String..., jobs: Int = 3) {
            self.arguments = arguments
            self.jobs = jobs
        }

        static let all = [
            Variant(jobs: 1), Variant(jobs: 2), Variant(jobs: 4), Variant("--inserts", jobs: 1), Variant("--inserts"),
            Variant("--column-inserts", "--rows-per-insert=7"),
            Variant("--clean", "--if-exists"), Variant("--clean", jobs: 1), Variant("--clean"),
            Variant("--schema-only"),
            Variant("--load-via-partition-root"), Variant("--no-owner", "--no-privileges"),
            Variant("--disable-dollar-quoting", "--quote-all-identifiers"),
        ]
    }

    @Test(arguments: Variant.all)
    func restoresWhatPsqlRestores(_ variant: Variant) throws {
        let server = try TestServer.shared()
        let source = try Sources.sink.get()
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
        static let shop = Result { try ShopDatabase(orders: 300).database(on: try TestServer.shared()) }
    }
}
