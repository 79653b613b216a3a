import Backups
import TestSupport
import Testing

@testable import Integrity

/// Archives that PostgreSQL's own pg_dump wrote, of both major versions.
@Suite struct ServerArchiveTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let major: Int
        let format: BackupFormat
        let arguments: [String]
        var testDescription: String { "\(major) \(format) \(arguments.joined(separator: " "))" }
    }

    static let whole: [Case] = {
        let compressions: [[String]] = [["-Z0"], ["-Z1"], [], ["-Z9"]]
        let inserts: [[String]] = [["--inserts"], ["--column-inserts", "--rows-per-insert=7"]]
        let arguments: [(BackupFormat, [[String]])] = [
            (.custom, compressions + inserts),
            (.directory, compressions + inserts + [["-Z0", "--inserts"], ["-j2"]]),
            (.tar, [[]] + inserts),
        ]
        var cases: [Case] = []
        for major in [15, 18] {
            for (format, lists) in arguments {
                for list in lists { cases.append(Case(major: major, format: format, arguments: list)) }
            }
        }
        return cases
    }()

    private func dump(_ item: Case, _ more: [String] = [], in directory: TemporaryDirectory) throws -> String {
        let letter = [BackupFormat.custom: "c", .directory: "d", .tar: "t"][item.format] ?? "p"
        return try ArchiveCorpus.database(item.major).dump(
            ["-F\(letter)"] + item.arguments + more, to: directory.file("dump"))
    }

    private func names(_ rows: [TableName: UInt64]) -> [String: UInt64] {
        Dictionary(uniqueKeysWithValues: rows.map { ("\($0.key.schema).\($0.key.name)", $0.value) })
    }

    @Test(arguments: whole)
    func rowsAreThoseOfTheDatabase(item: Case) throws {
        let directory = try TemporaryDirectory()
        let path = try dump(item, in: directory)
        let result = try ArchiveReader.verify(path, format: item.format)
        let database = try ArchiveCorpus.database(item.major)
        #expect(names(result.contents.rows) == (try ArchiveCorpus.rows(of: database)))
        #expect(result.contents.largeObjects == 6)
        #expect(result.contents.hasSchema && result.contents.hasData)
        #expect(result.contents.roles.isSuperset(of: ["arc_alice", "arc Bob \"the\" B", "postgres"]))
        #expect(result.contents.header.serverMajor == item.major && result.contents.header.toolMajor == item.major)
        #expect(result.contents.header.clientEncoding == "UTF8")
        let isCompressed = item.format != .tar && !item.arguments.contains("-Z0")
        #expect(result.hasDataChecksum == isCompressed && !result.hasContentChecksum)
        #expect(result.checks.allSatisfy { $0.verdict == .verified })
    }

    /// What `pg_restore -l` prints of each entry, but for those that it never prints.
    @Test(arguments: [BackupFormat.custom, .directory, .tar], [15, 18])
    func theListIsThatOfPgRestore(format: BackupFormat, major: Int) throws {
        let directory = try TemporaryDirectory()
        let path = try dump(Case(major: major, format: format, arguments: []), in: directory)
        let listed = try Tool.run(try TestInstallation.major(major).tool("pg_restore"), ["-l", "-C", path]).outputText
        let toc = try ArchiveReader.verify(path, format: format).toc
        let own = toc.entries.filter { !["ENCODING", "STDSTRINGS", "SEARCHPATH"].contains($0.kind) }.map { entry in
            let fields = [
                "\(entry.identifier);", "\(entry.catalogTable)", "\(entry.catalogObject)", entry.kind,
                entry.schema ?? "-", entry.tag, entry.owner,
            ]
            return fields.joined(separator: " ").split(separator: "\n", omittingEmptySubsequences: false)
                .joined(separator: " ")
        }
        #expect(own == listed.split(separator: "\n").filter { !$0.hasPrefix(";") }.map(String.init))
        #expect(listed.contains(";     TOC Entries: \(toc.entries.count)\n"))
    }

    @Test(arguments: [15, 18])
    func partsOfADatabase(major: Int) throws {
        let directory = try TemporaryDirectory()
        func contents(_ arguments: [String]) throws -> DumpContents {
            let item = Case(major: major, format: .custom, arguments: arguments)
            return try ArchiveReader.verify(try dump(item, in: directory), format: .custom).contents
        }
        let schema = try contents(["--schema-only"])
        #expect(schema.hasSchema && !schema.hasData && schema.totalRows == 0 && schema.largeObjects == 0)
        #expect(schema.rows[TableName(schema: "shop", name: "orders")] == 0)
        let data = try contents(["--data-only"])
        #expect(!data.hasSchema && data.hasData && data.largeObjects == 6)
        #expect(data.rows[TableName(schema: "shop", name: "orders")] == 2500)
        let one = try contents(["-t", "shop.orders"])
        #expect(one.rows == [TableName(schema: "shop", name: "orders"): 2500])
    }

    @Test(arguments: [[], ["--inserts"]], [15, 18])
    func partitionsThroughTheirRoot(more: [String], major: Int) throws {
        let directory = try TemporaryDirectory()
        let item = Case(major: major, format: .custom, arguments: ["--load-via-partition-root"] + more)
        let rows = try ArchiveReader.verify(try dump(item, in: directory), format: .custom).contents.rows
        #expect(rows[TableName(schema: "shop", name: "events")] == 301)
        #expect(rows[TableName(schema: "shop", name: "events_1")] == nil)
        #expect(rows[TableName(schema: "shop", name: "events_2_a")] == nil)
    }

    @Test(arguments: [15, 18])
    func anArchiveWrittenToAPipe(major: Int) throws {
        let directory = try TemporaryDirectory()
        let database = try ArchiveCorpus.database(major)
        let path = directory.file("piped")
        try Tool.shell(
            "\"$1\" -Fc -d \"$2\" | cat >\"$3\"",
            [database.server.installation.tool("pg_dump"), database.conninfo, path])
        let result = try ArchiveReader.verify(path, format: .custom)
        #expect(result.toc.entries.allSatisfy { $0.data == .none || $0.data == .block(offset: nil) })
        #expect(names(result.contents.rows) == (try ArchiveCorpus.rows(of: database)))
    }

    @Test(arguments: [BackupFormat.custom, .tar], [Compression.gzip, .zstd])
    func anArchiveCompressedAsAWhole(format: BackupFormat, compression: Compression) throws {
        let directory = try TemporaryDirectory()
        let path = try dump(Case(major: 15, format: format, arguments: []), in: directory)
        let inner = try ArchiveReader.verify(path, format: format)
        let tool = compression == .gzip ? "gzip" : "zstd"
        try Tool.run(tool, ["-q", "-c", path], output: directory.file("packed"))
        let bytes = try FileBytes(directory.file("packed"))
        let result = try ArchivePass(source: bytes, format: format, compression: compression).run()
        #expect(result.contents == inner.contents)
        #expect(result.sha256 != inner.sha256)
        #expect(result.hasContentChecksum && result.hasDataChecksum)
    }

    @Test func namesInAnotherEncoding() throws {
        let database = try TestServer.shared(major: 15).createDatabase(encoding: "LATIN1")
        try database.run("SET client_encoding = 'UTF8'; CREATE TABLE \"épée\" (a int); INSERT INTO \"épée\" VALUES (1)")
        let directory = try TemporaryDirectory()
        for (letter, format) in [("c", BackupFormat.custom), ("d", .directory), ("t", .tar)] {
            for arguments in [[], ["--inserts"]] {
                let path = directory.file("\(letter)\(arguments.count)")
                try database.dump(["-F\(letter)"] + arguments, to: path)
                let rows = try ArchiveReader.verify(path, format: format).contents.rows
                #expect(rows == [TableName(schema: "public", name: "épée"): 1])
            }
        }
    }

    @Test(arguments: [BackupFormat.custom, .tar], [15, 18])
    func cutsAndJunkFail(format: BackupFormat, major: Int) throws {
        let directory = try TemporaryDirectory()
        let path = try dump(Case(major: major, format: format, arguments: []), in: directory)
        let whole = try TestFile.read(path)
        _ = try ArchivePass(source: BytesInMemory(whole), format: format).run()
        for part in 0..<60 {
            let length = whole.count * part / 60
            let damage = #expect(throws: ContentDamage.self, "cut to \(length)") {
                try ArchivePass(source: BytesInMemory(Array(whole[..<length])), format: format).run()
            }
            #expect(damage?.reason == .truncated || format == .tar)
        }
        #expect(throws: ContentDamage.self) {
            try ArchivePass(source: BytesInMemory(whole + Array("junk".utf8)), format: format).run()
        }
    }

    /// Bits flipped in the table of contents, which has no checksum: what pg_restore refuses, we refuse.
    @Test(arguments: [BackupFormat.custom, .tar], [15, 18])
    func whatPgRestoreRefusesIsRefused(format: BackupFormat, major: Int) throws {
        let directory = try TemporaryDirectory()
        let path = try dump(Case(major: major, format: format, arguments: []), in: directory)
        let whole = try TestFile.read(path)
        let pgRestore = try TestInstallation.major(major).tool("pg_restore")
        var refused = 0
        for seed in 1...25 as ClosedRange<UInt64> {
            var random = ArchiveMutator(seed: seed)
            var bytes = whole
            bytes[Int.random(in: 0..<15_000, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            try TestFile.write(bytes, to: path)
            guard try Tool.attempt(pgRestore, ["-f", "/dev/null", path]).status != 0 else { continue }
            refused += 1
            #expect(throws: (any Error).self, "seed \(seed)") { try ArchiveReader.verify(path, format: format) }
        }
        #expect(refused > 0)
    }
}
