import TestSupport
import Testing

@Suite struct KitchenSinkTests {
    /// The corpus is only of use if PostgreSQL's own tools carry it through: dump, restore, dump again, no difference.
    @Test(arguments: TestInstallation.all)
    func survivesPostgreSQLsOwnTools(installation: TestInstallation) throws {
        let server = try TestServer.shared(major: installation.major)
        let source = try KitchenSink.database(on: server)
        let directory = try TemporaryDirectory()
        let first = try source.dump(to: directory.file("first.sql"))
        let target = try server.createDatabase()
        let restored = try target.restoreWithPsql(first)
        #expect(restored.status == 0, "\(restored.errorText)")
        let second = try target.dump(to: directory.file("second.sql"))
        let difference = try Tool.attempt("diff", ["-I", #"^\\\(un\)\?restrict "#, first, second])
        #expect(difference.status == 0, "\(difference.outputText.prefix(4000))")
        #expect(try KitchenSink.rowCounts(in: source) == KitchenSink.rowCounts(in: target))
    }
}
