import TestSupport
import Testing

/// A dump with security labels, into a scratch server that has no provider for them, and into one that has.
@Suite(.serialized) struct SecurityLabelTests {
    private let directory: TemporaryDirectory
    private let installation: TestInstallation
    private let database: TestDatabase
    /// Templates of servers from installations that are gone would be of no use to other tests.
    private let scratch: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        scratch = try TemporaryDirectory()
        installation = try LabelProvider.installation(in: directory)
        let server = try TestServer(installation, settings: ["shared_preload_libraries": LabelProvider.name])
        database = try server.createDatabase()
        try database.run("CREATE TABLE t AS SELECT 1 AS n;" + KitchenSink.label("TABLE t"))
    }

    @Test func theProviderIsPreloaded() throws {
        for format in [[], ["-Fc"]] {
            let path = try database.dump(format, to: directory.file("dump"))
            let arguments = ["--json", "--postgresql-bin", installation.bin, path]
            let with = try RestoredShop.verify(["--preload", LabelProvider.name] + arguments, scratch: scratch.path)
            #expect(with.status == 0, "\(with.outputText)")
            let without = try RestoredShop.verify(arguments, scratch: scratch.path)
            #expect(without.status == 2, "\(without.outputText)")
            #expect(without.outputText.contains(#""verdict":"inconclusive","reason":"extension-missing""#))
            #expect(without.outputText.contains("with --preload"))
            #expect(!without.outputText.contains(#""verdict":"failed""#))
        }
    }
}
