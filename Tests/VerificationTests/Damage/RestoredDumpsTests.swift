import TestSupport
import Testing

/// Dumps that differ in how they were made: all of them restore.
@Suite struct RestoredDumpsTests {
    struct Way: Sendable, CustomStringConvertible {
        let arguments: [String]
        var compressor: Compressor?

        var description: String {
            (arguments + [compressor.map { "| \($0)" }].compactMap(\.self)).joined(separator: " ")
        }
    }

    static let ways =
        [
            ["-Fp"], ["-Fc"], ["-Fd"], ["-Ft"], ["-Fc", "-Z0"], ["-Fp", "-Z6"], ["-Fp", "--inserts"],
            ["-Fp", "--column-inserts", "--rows-per-insert=7"], ["-Fp", "--clean", "--if-exists"], ["-Fp", "--create"],
            ["-Fp", "--load-via-partition-root"], ["-Fp", "--no-owner", "--no-privileges"],
            ["-Fp", "--quote-all-identifiers"], ["-Fp", "--disable-dollar-quoting"],
        ].map { Way(arguments: $0) } + Compressor.allCases.map { Way(arguments: ["-Fp"], compressor: $0) }

    private static let corpora = Result {
        try TestInstallation.all.map { ($0.major, try KitchenSink.database(on: .shared(major: $0.major))) }
    }

    private static func corpus(_ major: Int) throws -> TestDatabase {
        try #require(try corpora.get().first { $0.0 == major }).1
    }

    @Test(arguments: ways)
    func everyKindOfObjectRestores(way: Way) throws {
        let directory = try TemporaryDirectory()
        let database = try Self.corpus(15)
        var path = try database.dump(way.arguments, to: directory.file("sink"))
        if let compressor = way.compressor { path = try compressor.compress(path) }
        let report = try RestoredReport.verify(path)
        #expect(report.verdict == "verified", "\(report.failures)")
        let restored = Dictionary(uniqueKeysWithValues: report.tables.map { ($0.name, $0.restoredRows) })
        #expect(restored["sink.many"] == 3000)
        #expect(restored["sink.hard"] == 28)
        #expect(restored["sink.no_columns"] == 3)
    }

    @Test func psqlAsLoaderRestores() throws {
        let directory = try TemporaryDirectory()
        let path = try Self.corpus(15).dump(to: directory.file("sink.sql"))
        let report = try RestoredReport.verify(path, ["--loader", "psql"])
        #expect(report.verdict == "verified", "\(report.failures)")
    }

    // MARK: the second major version

    @Test(arguments: ["-Fp", "-Fc", "-Fd", "-Ft"])
    func eighteenDumpedByItselfRestores(format: String) throws {
        let directory = try TemporaryDirectory()
        let path = try Self.corpus(18).dump([format], to: directory.file("sink"))
        let report = try RestoredReport.verify(path, bins: TestInstallation.all)
        #expect(report.verdict == "verified", "\(report.failures)")
        #expect(report.tool.postgresql?.hasPrefix("18") == true)
    }

    /// Server 15, pg_dump 18: tools of 18 read it, and the settings that only 17 knows are no one's fault.
    @Test(arguments: ["-Fp", "-Fc", "-Fd", "-Ft"])
    func fifteenDumpedByEighteenRestores(format: String) throws {
        let directory = try TemporaryDirectory()
        let path = try Self.withoutSubscription.get().dump([format], to: directory.file("sink"), with: .postgresql18)
        let report = try RestoredReport.verify(path, bins: TestInstallation.all)
        #expect(report.verdict == "verified", "\(report.failures)")
        #expect(report.tool.postgresql?.hasPrefix("15") == true)
    }

    /// pg_dump 18 writes a subscription of 15 so that 15 does not take it: that is not the backup's fault.
    @Test func whatTheNewerToolWroteAndTheOldServerRefusesIsInconclusive() throws {
        let directory = try TemporaryDirectory()
        let path = try Self.corpus(15).dump(to: directory.file("sink.sql"), with: .postgresql18)
        let report = try RestoredReport.verify(path, bins: TestInstallation.all)
        #expect(report.verdict == "inconclusive", "\(report.failures)")
        #expect(report.reason == "version-difference")
    }

    private static let withoutSubscription = Result {
        let database = try KitchenSink.database(on: .shared())
        try database.run(
            """
            ALTER SUBSCRIPTION sink_subscription SET (slot_name = NONE);
            DROP SUBSCRIPTION sink_subscription;
            """)
        return database
    }

    @Test(arguments: ["-Fp", "-Fc"])
    func eighteenWithoutAnEighteenIsInconclusive(format: String) throws {
        let directory = try TemporaryDirectory()
        let path = try Self.corpus(18).dump([format], to: directory.file("sink"))
        let report = try RestoredReport.verify(path)
        #expect(report.verdict == "inconclusive", "\(report.failures)")
        #expect(["server-too-old", "tools-too-old", "server-missing"].contains(report.reason))
        #expect(report.hint != nil)
    }

    // MARK: encodings and clusters

    @Test(arguments: [("LATIN1", "é ü ß"), ("SQL_ASCII", "plain"), ("EUC_JP", "日本"), ("WIN1251", "таблица")])
    func otherEncodingsRestore(encoding: String, text: String) throws {
        let directory = try TemporaryDirectory()
        let database = try TestServer.shared().createDatabase(encoding: encoding)
        try database.run(
            "SET client_encoding = 'UTF8'; CREATE TABLE t (a text); INSERT INTO t VALUES ('\(text)'), ('x')")
        for arguments in [["-Fp"], ["-Fp", "--create"], ["-Fc"]] {
            let path = try database.dump(arguments, to: directory.file("dump"))
            let report = try RestoredReport.verify(path)
            #expect(report.verdict == "verified", "\(arguments): \(report.failures)")
        }
    }

    /// The second byte of each letter is a backslash in that encoding. The server is of this test alone: pg_dump reads the
    /// names of all roles, and the shared one has some that these encodings lack.
    @Test(arguments: [("SJIS", "表ソ能"), ("BIG5", "功許蓋"), ("GBK", "乗俓僜")])
    func encodingsOfClientsRestore(encoding: String, letters: String) throws {
        let directory = try TemporaryDirectory()
        let server = try TestServer()
        let database = try server.createDatabase()
        try database.run(
            """
            SET client_encoding = 'UTF8';
            CREATE TABLE "\(letters)" (a text CHECK (a <> '\(letters)x'));
            INSERT INTO "\(letters)" VALUES ('\(letters)'), (E'\(letters)\\\\\(letters)'), ('\(letters)N'), (E'\(letters)\n\\\\.');
            """)
        for arguments in [["-Fp"], ["-Fp", "--create"], ["-Fp", "--inserts"], ["-Fc"], ["-Fd"], ["-Ft"]] {
            let path = try database.dump(["-E", encoding] + arguments, to: directory.file("dump\(arguments.joined())"))
            let report = try RestoredReport.verify(path)
            #expect(report.verdict == "verified", "\(arguments): \(report.failures)")
            #expect(report.tables.map(\.name) == ["public.\"\(letters)\""])
            #expect(report.tables.map(\.restoredRows) == [4])
        }
    }

    @Test func aWholeClusterRestores() throws {
        let server = try TestServer()
        for name in ["first", "Second \"quoted\""] {
            _ = try ShopDatabase(orders: 20).database(on: server, named: name)
        }
        try server.maintenance.run(
            "CREATE ROLE clerk LOGIN PASSWORD 'x'; CREATE TABLE here (a int); INSERT INTO here VALUES (1)")
        let directory = try TemporaryDirectory()
        let path = try server.dumpAll(to: directory.file("all.sql"))
        for file in [path, try Compressor.gzip.compress(path)] {
            let report = try RestoredReport.verify(file)
            #expect(report.verdict == "verified", "\(report.failures)")
            #expect(report.backup.format == "plain-all")
            #expect(report.tables.count { $0.name.hasSuffix("public.orders") && $0.restoredRows == 20 } == 2)
        }
    }

    /// Objects of template1 stand in such a dump again in every database that was made from it.
    @Test func aClusterWithObjectsInTemplate1Restores() throws {
        let server = try TestServer()
        try TestDatabase(server: server, name: "template1").run(
            "CREATE EXTENSION citext; CREATE TABLE rules (id integer PRIMARY KEY); INSERT INTO rules VALUES (1), (2)")
        for name in ["shop", "stock"] { try server.maintenance.run("CREATE DATABASE \(name)") }
        try TestDatabase(server: server, name: "shop").run("DELETE FROM rules WHERE id = 1")
        let directory = try TemporaryDirectory()
        for (arguments, options) in [([], []), (["--clean"], []), ([], ["--loader", "psql"])] {
            let path = try server.dumpAll(arguments, to: directory.file("all.sql"))
            let report = try RestoredReport.verify(path, options)
            #expect(report.verdict == "verified", "\(arguments) \(options): \(report.failures)")
            let rows = Dictionary(uniqueKeysWithValues: report.tables.map { ($0.name, $0.restoredRows) })
            #expect(rows == ["template1/public.rules": 2, "shop/public.rules": 1, "stock/public.rules": 2])
        }
    }
}
