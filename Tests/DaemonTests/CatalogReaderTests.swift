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

    private func found(_ entries: String...) throws -> [String: [String]] {
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

    /// No backup where not all could be seen is no missing backup.
    @Test(arguments: [("*/shop-*.sql", "/b/closed"), ("shop-*.sql", nil), ("**/shop-*.sql", "/b/closed")])
    func aClosedDirectoryMayHoldBackups(match: String, unseen: String?) throws {
        let entry = "{ name: shop, backups: { location: LOCATION, match: \"\(match)\" } }"
        let settings = try folder.configuration(entry).databases
        for (skipped, expected) in [(["/b/lost+found", "/b/closed"], unseen), (["/b/lost+found"], nil), ([], nil)] {
            var reader = CatalogReader { _ in LocationListing(entries: [], skipped: skipped) }
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
