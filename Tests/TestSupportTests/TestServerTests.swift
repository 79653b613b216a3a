import TestSupport
import Testing

@Suite struct TestServerTests {
    @Test(arguments: TestInstallation.all)
    func runsTheVersionAskedFor(installation: TestInstallation) throws {
        let server = try TestServer.shared(major: installation.major)
        let version = try server.maintenance.query("SHOW server_version_num")
        #expect(version.hasPrefix("\(installation.major)"))
        #expect(try TestServer.shared(major: installation.major) === server)
    }

    @Test func databasesHaveTheEncodingAskedFor() throws {
        let database = try TestServer.shared().createDatabase(encoding: "LATIN1")
        #expect(try database.query("SHOW server_encoding") == "LATIN1")
    }

    @Test func dumpsRestoreWithPsql() throws {
        let server = try TestServer.shared()
        let directory = try TemporaryDirectory()
        let source = try server.createDatabase()
        try source.run("CREATE TABLE t (a int); INSERT INTO t SELECT generate_series(1, 100)")
        let dump = try source.dump(to: directory.file("t.sql"))
        let target = try server.createDatabase()
        #expect(try target.restoreWithPsql(dump).status == 0)
        #expect(try target.query("SELECT count(*), sum(a) FROM t") == "100|5050")
    }

    @Test func onlyThePasswordRoleNeedsAPassword() throws {
        let server = try TestServer.shared()
        try server.makePasswordRole()
        let psql = server.installation.tool("psql")
        let conninfo = server.conninfo(user: TestServer.passwordRole)
        let environment = ["PATH": "/usr/bin:/bin", "PGPASSWORD": TestServer.password]
        let right = try Tool.attempt(psql, ["-X", "-d", conninfo, "-c", "SELECT 1"], environment: environment)
        #expect(right.status == 0, "\(right.errorText)")
        let wrong = try Tool.attempt(
            psql, ["-X", "-w", "-d", conninfo, "-c", "SELECT 1"], environment: ["PGPASSWORD": "wrong"])
        #expect(wrong.errorText.contains("password authentication failed"))
    }

    @Test func aStoppedServerIsGoneWithItsDirectory() throws {
        let server = try TestServer()
        #expect(try server.maintenance.query("SELECT 1") == "1")
        server.stop()
        #expect(throws: TestFailure.self) { try server.maintenance.query("SELECT 1") }
        #expect(!TestFile.exists(server.socketDirectory))
    }

    @Test(arguments: Compressor.allCases)
    func compressorsWriteWhatTheirToolReads(compressor: Compressor) throws {
        let directory = try TemporaryDirectory()
        let plain = try directory.write(String(repeating: "a line of text\n", count: 1000), to: "text")
        let packed = try compressor.compress(plain)
        #expect(try TestFile.size(packed) < 10_000)
        let unpacked = try Tool.run(compressor.rawValue, ["-dc"], input: packed).output
        #expect(try unpacked == TestFile.read(plain))
    }
}
