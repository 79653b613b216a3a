import TestSupport
import Testing

/// Dumps whose bytes are perfect, and which would not save anyone, or cannot be shown to.
@Suite struct FaultyDumpsTests {
    private static func dump(_ sql: String, _ arguments: [String] = [], to path: String) throws -> String {
        let database = try TestServer.shared().createDatabase()
        try database.run(sql)
        return try database.dump(arguments, to: path)
    }

    @Test func aDumpWithoutRowsIsInconclusiveUnlessAllowed() throws {
        let directory = try TemporaryDirectory()
        for (sql, name) in [("SELECT 1", "nothing"), ("CREATE TABLE t (a int)", "no-rows")] {
            let path = try Self.dump(sql, to: directory.file(name))
            let report = try RestoredReport.verify(path)
            #expect(report.verdict == "inconclusive", "\(report.failures)")
            #expect(report.reason == "empty")
            let allowed = try RestoredReport.verify(path, ["--allow-empty"])
            #expect(allowed.verdict == "verified", "\(allowed.failures)")
        }
    }

    @Test func rowSecurityHidesRows() throws {
        let directory = try TemporaryDirectory()
        let database = try TestServer.shared().createDatabase()
        try database.run(
            """
            DROP ROLE IF EXISTS narrow; CREATE ROLE narrow LOGIN;
            CREATE TABLE t (a int); INSERT INTO t SELECT generate_series(1, 100);
            ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (a <= 10);
            GRANT SELECT ON t TO narrow; GRANT USAGE ON SCHEMA public TO narrow;
            """)
        let path = directory.file("narrow.sql")
        try Tool.run(
            database.server.installation.tool("pg_dump"),
            [
                "--enable-row-security", "-t", "t", "-f", path, "-d",
                database.server.conninfo(database: database.name, user: "narrow"),
            ])
        let report = try RestoredReport.verify(path)
        #expect(report.verdict == "inconclusive", "\(report.failures)")
        #expect(report.reason == "row-security")
        let whole = try database.dump(to: directory.file("whole.sql"))
        #expect(try RestoredReport.verify(whole).verdict == "verified")
    }

    @Test func rowsThatBreakAForeignKeyFail() throws {
        let directory = try TemporaryDirectory()
        let shop = try DamageLab.shared().plain
        let text = try TestFile.text(shop)
        // One customer less: orders refer to nobody. pg_dump never writes this; an export by hand does.
        let customer = try #require(text.split(separator: "\n").first { $0.hasPrefix("3\tCustomer 3\t") })
        let cut = text.replacing("\(customer)\n", with: "")
        let path = try directory.write(cut, to: "orphans.sql")
        let report = try RestoredReport.verify(path)
        #expect(report.verdict == "failed", "\(report.failures)")
        #expect(report.reason == "constraint-violated")
    }

    @Test func aRowThatItsTypeRefusesFails() throws {
        let directory = try TemporaryDirectory()
        let text = try TestFile.text(DamageLab.shared().plain)
        let row = try #require(text.split(separator: "\n").first { $0.hasPrefix("1\t1\t") })
        let path = try directory.write(
            text.replacing("\n\(row)\n", with: "\n1\tone\(row.dropFirst(3))\n"), to: "wrong.sql")
        let report = try RestoredReport.verify(path)
        #expect(report.verdict == "failed", "\(report.failures)")
        #expect(report.reason == "data-rejected")
    }

    @Test func aStatementThatFailsIsNamedWithItsLine() throws {
        let directory = try TemporaryDirectory()
        let text = try TestFile.text(DamageLab.shared().plain)
        let broken = text.replacing("CREATE VIEW public.turnover", with: "CREATE VIEW public.turnover.x.y.z")
        let line =
            try #require(
                broken.split(separator: "\n", omittingEmptySubsequences: false)
                    .firstIndex { $0.contains("turnover.x.y.z") }) + 1
        let report = try RestoredReport.verify(try directory.write(broken, to: "broken.sql"))
        #expect(report.verdict == "failed", "\(report.failures)")
        #expect(report.reason == "statement-failed")
        #expect(report.failures.contains("\(line)"))
    }

    @Test func aMissingExtensionIsTheMachinesFault() throws {
        let directory = try TemporaryDirectory()
        let text = try TestFile.text(DamageLab.shared().plain)
        let with = text.replacing(
            "CREATE TABLE public.customers",
            with: "CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public;\n\nCREATE TABLE public.customers")
        let path = try directory.write(with, to: "postgis.sql")
        let report = try RestoredReport.verify(path)
        #expect(report.verdict == "inconclusive", "\(report.failures)")
        #expect(report.reason == "extension-missing")
        #expect(report.hint?.contains("--ignore-extension postgis") == true, "\(report.hint ?? "no hint")")
        let ignored = try RestoredReport.verify(path, ["--ignore-extension", "postgis"])
        #expect(ignored.verdict != "failed", "\(ignored.failures)")
    }

    @Test func psqlCommandsAreRefusedAndNotExecuted() throws {
        let directory = try TemporaryDirectory()
        let text = try TestFile.text(DamageLab.shared().plain)
        let witness = directory.file("witness")
        let with = text.replacing("SET statement_timeout", with: "\\! touch \(witness)\nSET statement_timeout")
        let report = try RestoredReport.verify(try directory.write(with, to: "command.sql"))
        #expect(report.verdict != "verified", "\(report.failures)")
        #expect(!TestFile.exists(witness))
    }

    @Test(arguments: ["--data-only", "--schema-only"])
    func halfADumpIsNeverVerifiedAsAWhole(half: String) throws {
        let directory = try TemporaryDirectory()
        let database = try ShopDatabase(orders: 20).database(on: .shared())
        let report = try RestoredReport.verify(try database.dump([half], to: directory.file("half.sql")))
        #expect(report.verdict != "verified", "\(report.failures)")
    }

    @Test func theWrongDatabaseIsNoticedByItsManifest() throws {
        let directory = try TemporaryDirectory()
        let lab = try DamageLab.shared()
        let manifest = try DamageLab.manifest(of: lab.gzip, in: directory)
        #expect(try RestoredReport.verify(lab.gzip, ["--manifest", manifest]).verdict == "verified")
        let other = try Self.dump("CREATE TABLE t AS SELECT 1 AS a", to: directory.file("other.sql"))
        let report = try RestoredReport.verify(other, ["--manifest", manifest])
        #expect(report.verdict == "failed", "\(report.failures)")
    }
}
