import Backups
import Locations
import Settings
import Synchronization
import TestSupport
import Testing

@testable import Daemon

@Suite struct CatalogReaderTests {
    private let folder: BackupFolder

    init() throws {
        folder = try BackupFolder()
    }

    private func found(_ entries: String...) throws -> [String: [String]] { try found(entries) }

    private func found(_ entries: [String]) throws -> [String: [String]] {
        var reader = CatalogReader()
        let entries = try entries.map { try folder.configuration($0).databases[0] }
        return try reader.read(entries).reduce(into: [:]) { found, finding in
            for database in try finding.databases.get() {
                found[database.database.name] = database.candidates.map(\.entry.path).sorted()
            }
        }
    }

    @Test func anEntryFindsItsDatabases() throws {
        try folder.add("shop-1.sql", "shop-2.sql", "deep/app-1.sql", "notes.txt")
        #expect(try found(BackupFolder.entry) == ["shop": ["shop-1.sql", "shop-2.sql"], "app": ["deep/app-1.sql"]])
    }

    @Test func whoHasANameOfItsOwnIsNotDiscovered() throws {
        try folder.add("shop-1.sql", "app-1.sql")
        let own = #"{ name: shop, backups: { location: LOCATION, match: "s*-1.sql" } }"#
        #expect(try found(BackupFolder.entry, own) == ["shop": ["shop-1.sql"], "app": ["app-1.sql"]])
        let second = BackupFolder.entry.replacing(#"name: "{database}""#, with: #"name: "copy-{database}""#)
        #expect(try found(BackupFolder.entry, second).keys.sorted() == ["app", "copy-app", "copy-shop", "shop"])
        // Two entries that give the same name: the first one has it.
        let whole = #"{ name: "copy-{database}", backups: { location: LOCATION, match: "{database}-1.sql" } }"#
        let prefixed = #"{ name: "{database}", backups: { location: LOCATION, match: "{database}.sql" } }"#
        try folder.add("copy-app.sql")
        #expect(try found(whole, prefixed)["copy-app"] == ["app-1.sql"])
        #expect(try found(prefixed, whole)["copy-app"] == ["copy-app.sql"])
    }

    @Test func aLocationIsListedOnceForAllWhoLieThere() throws {
        try folder.add((1...100).map { "db\($0)-1.sql" })
        let own = #"{ name: db7, backups: { location: LOCATION, match: "db7-*.sql" } }"#
        let entries = try folder.configuration(BackupFolder.entry, own).databases
        let asked = Mutex<[String]>([])
        var reader = CatalogReader(list: { location in
            asked.withLock { $0.append(location) }
            return try DirectoryLocation(location).list()
        })
        let found = try reader.read(entries).map { try $0.databases.get().count }
        #expect(found == [99, 1])
        #expect(asked.withLock { $0 } == [folder.directory.file("backups")])
    }

    /// A thousand entries over one directory of a thousand files are one listing, and not a million matches.
    @Test(arguments: [
        ("db{n}-{time:yyyyMMdd}.sql", 1000), ("{time:yyyyMMdd}-db{n}.sql", 200), ("*/db{n}/{time:yyyyMMdd}.sql", 200),
    ])
    func manyEntriesAreHeldAgainstTheirOwnFilesOnly(pattern: String, count: Int) throws {
        let names = (1000..<1000 + count).map(String.init)
        func text(_ pattern: String, _ name: String) -> String { pattern.replacing("{n}", with: name) }
        let files = names.map { name in
            let path = text(pattern, name).replacing("{time:yyyyMMdd}", with: "20261120").replacing("*", with: "a")
            let identity = BackupIdentity(path: "/b/\(path)", sizeBytes: 1, modified: Timestamp(seconds: 0))
            return LocationEntry(path: path, identity: identity)
        }
        let entries = try folder.configuration(
            names.map { "{ name: db\($0), backups: { location: LOCATION, match: \"\(text(pattern, $0))\" } }" }
        ).databases
        let asked = Mutex(0)
        var reader = CatalogReader(list: { _ in
            asked.withLock { $0 += 1 }
            return LocationListing(entries: files.shuffled())
        })
        for _ in 0..<2 {
            let findings = reader.read(entries)
            #expect(findings.map(\.entry.name) == names.map { "db\($0)" })
            for (finding, file) in zip(findings, files) {
                #expect(try finding.databases.get().flatMap(\.candidates).map(\.entry) == [file])
            }
            #expect(reader.triedMatches == count)
        }
        #expect(asked.withLock { $0 } == 2)
    }

    /// Names that begin alike, or that are the beginning of others, are found by whom they belong to.
    @Test(arguments: [1, 100]) func namesThatBeginAlikeAreToldApart(others: Int) throws {
        try folder.add("a-1.sql", "ab-1.sql", "ab-2.sql", "é-1.sql", "e\u{301}-1.sql", "a/1.sql", "zz")
        let patterns = ["a-*.sql", "ab-*.sql", "é-*.sql", "a/*.sql", "zz", "**", "ab-1.sql"]
        let found = try found(
            patterns.enumerated().map { "{ name: n\($0), backups: { location: LOCATION, match: \"\($1)\" } }" }
                + (0..<others).map { "{ name: o\($0), backups: { location: LOCATION, match: \"none\($0)\" } }" })
        #expect(found["n0"] == ["a-1.sql"] && found["n1"] == ["ab-1.sql", "ab-2.sql"] && found["n6"] == ["ab-1.sql"])
        #expect(found["n2"]?.map { Array($0.utf8) } == [Array("é-1.sql".utf8)])
        #expect(found["n3"] == ["a/1.sql"] && found["n4"] == ["zz"] && found["n5"]?.count == 7)
        #expect(found["o0"] == [])
    }

    /// A link to the newest is no second backup of the same size.
    @Test func aLinkToABackupIsNoOtherBackup() throws {
        try folder.add("shop-1.sql", "shop-2.sql")
        let place = folder.directory.file("backups")
        try Tool.run("ln", ["-s", "shop-2.sql", "\(place)/shop-latest.sql"])
        try Tool.run("ln", ["\(place)/shop-1.sql", "\(place)/shop-oldest.sql"])
        let own = #"{ name: shop, backups: { location: LOCATION, match: "shop-*.sql" } }"#
        #expect(try found(own) == ["shop": ["shop-1.sql", "shop-2.sql"]])
        // One that only the link's name is matched by is found under that.
        let latest = #"{ name: shop, backups: { location: LOCATION, match: "*latest.sql" } }"#
        #expect(try found(latest) == ["shop": ["shop-latest.sql"]])
    }

    @Test func anEntryThatFindsNothingHasNoDatabases() throws {
        try folder.add("notes.txt")
        #expect(try found(BackupFolder.entry) == [:])
        #expect(try found("{ name: all, backups: { location: LOCATION } }") == ["all": ["notes.txt"]])
    }

    @Test func aLocationThatIsNotThereIsNotEmpty() throws {
        var reader = CatalogReader()
        let findings = reader.read(try folder.configuration(BackupFolder.entry).databases)
        #expect(throws: Obstacle.self) { try findings[0].databases.get() }
    }

    /// A dump that is being written to a file server whose clock is behind, seen by a daemon that was just started.
    @Test func whatAFileServersClockMakesLookOldIsNotTakenForComplete() throws {
        let now = Mutex(Timestamp(seconds: 1_795_000_000))
        let written = Mutex(Timestamp(seconds: 1_795_000_000))
        let clock: @Sendable () -> Timestamp = { now.withLock { $0 } }
        let reader = CatalogReader(
            clock: clock,
            list: { _ in
                let modified = Timestamp(seconds: written.withLock { $0 }.seconds - 300)
                let identity = BackupIdentity(path: "/b/shop.sql", sizeBytes: 1, modified: modified)
                return LocationListing(
                    entries: [LocationEntry(path: "shop.sql", identity: identity)], hasOwnTime: false)
            })
        var round = CatalogRound(clock: clock, reader: reader, log: LogLines().logger)
        round.configure(try folder.configuration("{ name: shop, backups: { location: LOCATION } }").databases)
        func look() throws -> CatalogFacts { try #require(round.look().first?.databases.first?.facts) }
        for _ in 0..<5 {
            let facts = try look()
            #expect(facts.backups.isEmpty && facts.inProgress == 1)
            now.withLock { $0 = Timestamp(seconds: $0.seconds + 60) }
            written.withLock { $0 = clock() }
        }
        #expect(try look().backups.isEmpty)
        now.withLock { $0 = Timestamp(seconds: $0.seconds + 60) }
        #expect(try look().backups.count == 1)
    }

    /// No backup where not all could be seen is no missing backup.
    @Test(arguments: [("*/shop-*.sql", "/b/closed"), ("shop-*.sql", nil), ("**/shop-*.sql", "/b/closed")])
    func aClosedDirectoryMayHoldBackups(match: String, unseen: String?) throws {
        let entry = "{ name: shop, backups: { location: LOCATION, match: \"\(match)\" } }"
        let settings = try folder.configuration(entry).databases
        for (skipped, expected) in [(["/b/lost+found", "/b/closed"], unseen), (["/b/lost+found"], nil), ([], nil)] {
            var reader = CatalogReader(list: { _ in LocationListing(entries: [], skipped: skipped) })
            #expect(reader.read(settings)[0].unseen == expected)
        }
    }

    @Test func whatAManifestTellsGoesFirst() throws {
        try folder.add("shop-1.sql")
        _ = try folder.directory.write("no manifest at all", to: "backups/shop-1.sql.manifest.json")
        var reader = CatalogReader()
        let entries = try folder.configuration(BackupFolder.entry).databases
        let candidate = try #require(try reader.read(entries).first?.databases.get().first?.candidates.first)
        // One that can't be read tells nothing; the verification says so.
        #expect(candidate.entry.hasManifest)
        #expect(candidate.completedAt == nil && candidate.dataAsOf == nil)
    }

    @Test func aGoodManifestSaysWhenABackupWasMade() throws {
        try folder.add("shop-1.sql", "shop-2.sql")
        _ = try folder.directory.write(try Self.manifest(of: "shop-1.sql"), to: "backups/shop-1.sql.manifest.json")
        var reader = CatalogReader()
        let entries = try folder.configuration(BackupFolder.entry).databases
        for _ in 0..<2 {
            let found = try #require(try reader.read(entries).first?.databases.get().first?.candidates)
            let candidates = found.sorted { $0.entry.path < $1.entry.path }
            #expect(candidates.map(\.entry.hasManifest) == [true, false])
            #expect(candidates.map(\.dataAsOf) == [Timestamp("2026-11-20T02:00:00Z"), nil])
            #expect(candidates.map(\.completedAt) == [Timestamp("2026-11-20T02:00:07Z"), nil])
        }
    }

    private static func manifest(of name: String) throws -> String {
        let manifest = Manifest(
            backup: Manifest.BackupFile(
                name: name, size: 2, sha256: try #require(SHA256Digest(hexadecimal: String(repeating: "0", count: 64))),
                format: .plain),
            origin: .snapshot, snapshotAt: Timestamp("2026-11-20T02:00:00Z"),
            completedAt: Timestamp("2026-11-20T02:00:07Z"), tool: Manifest.Tool(restorable: "1", pgDump: nil),
            server: Manifest.Server(version: "15.18", encoding: "UTF8"), tables: [])
        return String(decoding: try manifest.jsonBytes(), as: UTF8.self)
    }

    /// A name that is not UTF-8 is left out, one with a control character is no database's; all others are.
    @Test func hostileNamesAreHarmless() throws {
        let names = ["a'b\"c", "x..", "<b>&", "%2e%2e", "日本", String(repeating: "n", count: 240), "a\\nb", "$(id)"]
        try folder.add(names.map { $0 + "-1.sql" } + ["bad\nname-1.sql", "esc\u{1b}[31m-1.sql"])
        try Tool.shell(#"cd "$1" && : > "$(printf 'b\377-1.sql')""#, [folder.directory.file("backups")])
        #expect(try found(BackupFolder.entry).keys.sorted() == names.sorted())
    }

    @Test func whoFloodsALocationTakesNoPlaceOfWhatIsThere() throws {
        try folder.add("shop-1.sql", "app-1.sql")
        let entries = try folder.configuration(BackupFolder.entry).databases
        var reader = CatalogReader(limit: 3)
        func names() throws -> [String] {
            try reader.read(entries).flatMap { try $0.databases.get() }.map(\.database.name).sorted()
        }
        #expect(try names() == ["app", "shop"])
        #expect(reader.notices == [])
        try folder.add((0..<50).map { "a\($0)-1.sql" } + ["shop-2.sql"])
        let flooded = try names()
        #expect(flooded.count == 3 && flooded.contains("app") && flooded.contains("shop"))
        #expect(try names() == flooded)
        #expect(reader.notices.first?.hasSuffix("has more than 3 databases; others are left out") == true)
        // A place that becomes free is taken.
        try folder.remove("app-1.sql")
        _ = try names()
        #expect(try names().count == 3)
    }
}
