import Backups
import TestSupport
import Testing

@testable import Commands
@testable import Daemon
@testable import Settings

/// A one-shot run looks once: what only the clock of a file server makes look old may still be written to.
@Suite struct FileServerClockTests {
    private static func backup(_ name: String, age: Int64) -> LocationEntry {
        let modified = Timestamp(seconds: Timestamp.now().seconds - age)
        return LocationEntry(
            path: name, identity: BackupIdentity(path: "/b/\(name)", sizeBytes: 1, modified: modified))
    }

    @Test(arguments: [true, false]) func theNewestMayBeUnfinished(hasOwnTime: Bool) throws {
        let entries = [("new.sql", 3600), ("late.sql", 3630), ("old.sql", 7200), ("older.sql", 90_000)].map {
            Self.backup($0, age: $1)
        }
        let configuration = try Configuration.parse("databases: [{ name: shop, backups: { location: /b } }]", file: "t")
        let reader = CatalogReader(list: { _ in LocationListing(entries: entries, hasOwnTime: hasOwnTime) })
        let found = ConfiguredBackups.of(configuration.databases, by: reader)
        #expect(try found.flatMap { try $0.found.get() }.count == 4)
        let unfinished = found.flatMap(\.unfinished).map(\.name).sorted()
        #expect(unfinished == (hasOwnTime ? [] : ["late.sql", "new.sql"]))
        let survey = CatalogSurvey(configuration.databases, by: reader)
        #expect(survey.holdings.map { $0.clock == .own } == [hasOwnTime])
    }
}
