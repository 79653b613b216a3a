import Backups
import TestSupport
import Testing

/// What `verify` says before any server is started.
@Suite struct VerifyBytesTests {
    private static let dump = """
        --
        -- PostgreSQL database dump
        --

        -- Dumped from database version 15.18
        -- Dumped by pg_dump version 15.18

        SET client_encoding = 'UTF8';

        CREATE TABLE public.t (
            a integer
        );

        COPY public.t (a) FROM stdin;
        1
        2
        3
        \\.

        --
        -- PostgreSQL database dump complete
        --


        """

    private let directory: TemporaryDirectory
    private let plain: String

    init() throws {
        directory = try TemporaryDirectory()
        plain = try directory.write(Self.dump, to: "t.sql")
    }

    private func compressed() throws -> String {
        try Compressor.gzip.compress(plain)
    }

    @Test func wholeBytesAreVerifiedAsFarAsAsked() throws {
        let result = try Restorable.run(["verify", "--until", "integrity", try compressed()])
        #expect(result.status == 0)
        #expect(result.errorText == "")
        let last = result.outputText.split(separator: "\n").last
        #expect(last == "VERIFIED  t.sql.gz: the bytes are whole (1 table, 3 rows); nothing was restored, as asked")
        #expect(result.outputText.contains("content: proved"))
        #expect(!result.outputText.contains("\u{1B}"))
    }

    @Test func jsonIsOneLineForEachBackup() throws {
        let result = try Restorable.run(["verify", "--json", "--until", "integrity", plain, try compressed()])
        let lines = result.outputText.split(separator: "\n")
        #expect(result.status == 0)
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0.hasPrefix(#"{"version":1,"database":null,"#) && $0.hasSuffix("}") })
        #expect(lines[0].contains(#""verdict":"verified","reason":"stopped-early""#))
        #expect(lines[0].contains(#""content":"unproved""#))
        #expect(lines[1].contains(#""content":"proved""#))
    }

    @Test(arguments: [4, 10, 100, 180]) func aCutFileFails(bytesKept: Int) throws {
        let bytes = try TestFile.read(try compressed())
        let path = directory.file("cut.sql.gz")
        try TestFile.write(Array(bytes.prefix(bytesKept)), to: path)
        let result = try Restorable.run(["verify", "--json", path])
        #expect(result.status == 1)
        #expect(result.outputText.contains(#""verdict":"failed""#))
        #expect(result.outputText.contains(#""restore":null"#))
    }

    @Test func oneFailureAmongSeveralDecides() throws {
        let cut = directory.file("cut.sql")
        try TestFile.write(Array(Self.dump.utf8.dropLast(60)), to: cut)
        let result = try Restorable.run(["verify", "--until", "integrity", plain, cut, directory.file("absent.sql")])
        #expect(result.status == 1)
        #expect(result.outputText.hasSuffix("3 backups: 1 verified, 1 failed, 1 inconclusive\n"))
    }

    @Test func whatIsNotThereIsInconclusive() throws {
        let result = try Restorable.run(["verify", directory.file("absent.sql")])
        #expect(result.status == 2)
        #expect(result.outputText.contains("(unreadable)"))
    }

    @Test func aDirectoryOfDumpsIsCalledOne() throws {
        _ = try compressed()
        let shell = try Tool.attempt(
            "/bin/sh", ["-c", "exec \"$0\" verify --until integrity \"$1\"/*", Restorable.path, directory.path])
        #expect(shell.status == 0)
        let result = try Restorable.run(["verify", "--until", "integrity", directory.path])
        #expect(result.status == 2)
        #expect(result.outputText.contains("\(directory.path) is a directory of 2 files, and no directory dump"))
        #expect(result.outputText.contains("name the files: restorable verify \(directory.path)/*"))
    }

    @Test func anEmptyDumpProvesNothing() throws {
        let empty = Self.dump.replacing(#/COPY (.|\n)*\\\.\n/#, with: "").replacing(#/CREATE (.|\n)*?;\n/#, with: "")
        let path = try directory.write(empty, to: "empty.sql")
        let result = try Restorable.run(["verify", "--until", "integrity", path])
        #expect(result.status == 2)
        #expect(result.outputText.contains("(empty)"))
        #expect(try Restorable.run(["verify", "--until", "integrity", "--allow-empty", path]).status == 0)
    }

    @Test func theReportIsWrittenWhole() throws {
        let report = directory.file("report.html")
        let result = try Restorable.run(["verify", "--until", "integrity", "--report", report, plain])
        #expect(result.status == 0)
        #expect(try TestFile.text(report).hasSuffix("</html>\n"))
        #expect(try TestFile.names(in: directory.path).allSatisfy { !$0.contains("partial") })
        let refused = try Restorable.run(["verify", "--report", "/nonexistent/r.html", plain])
        #expect(refused.status == 2)
        #expect(refused.outputText == "")
    }

    @Test func aPasswordOnTheLineIsWarnedOf() throws {
        let arguments = ["verify", "--until", "integrity", "--against", "host=/nonexistent password=hunter2", plain]
        let result = try Restorable.run(arguments)
        #expect(result.errorText.contains("visible to everyone"))
        #expect(!result.errorText.contains("hunter2"))
        #expect(!result.outputText.contains("hunter2"))
    }

    @Test func configuredDatabasesAreFoundByPattern() throws {
        let old = try directory.write(String(Self.dump.dropLast(60)), to: "shop-20261119-020000.sql")
        let new = try directory.write(Self.dump, to: "shop-20261120-020000.sql")
        _ = try directory.write("{}", to: "shop-20261121-020000.sql.manifest.json")
        let config = try directory.write(
            """
            databases:
              - name: shop
                backups: { location: "\(directory.path)", match: "{database}-{time:yyyyMMdd-HHmmss}.sql" }
              - name: other
                backups: { location: "\(directory.path)", match: "other-*" }
            """, to: "restorable.yml")
        let base = ["verify", "--json", "--until", "integrity", "--config", config, "--database", "shop"]
        let latest = try Restorable.run(base)
        #expect(latest.status == 0)
        #expect(latest.outputText.contains(#""database":"shop""#))
        #expect(latest.outputText.contains(String(new.split(separator: "/").last ?? "")))
        #expect(latest.outputText.contains(#""data_as_of":"2026-11-20T02:00:00Z","data_as_of_source":"name""#))
        // Nobody says that what was just written to is finished.
        #expect(try Restorable.run(base + ["--all"]).status == 2)
        try Tool.run("touch", ["-d", "5 minutes ago", old])
        let all = try Restorable.run(base + ["--all"])
        #expect(all.status == 1)
        #expect(all.outputText.contains(String(old.split(separator: "/").last ?? "")))
        let nothing = try Restorable.run(["verify", "--json", "--config", config, "--database", "other"])
        #expect(nothing.status == 1)
        #expect(nothing.outputText.contains(#""reason":"no-backup""#))
        let unknown = try Restorable.run(["verify", "--config", config, "--database", "nope"])
        #expect(unknown.status == 64)
    }
}
