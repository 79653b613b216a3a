import Backups
import Testing

@testable import Settings

@Suite struct BackupPatternTests {
    @Test(arguments: [
        ("*.sql.gz", "a.sql.gz", true), ("*.sql.gz", "a.sql.gz.tmp", false), ("a?c", "abc", true), ("a?c", "ac", false),
        ("{database}-*.dump", "shop-1.dump", true), ("{database}-*.dump", "other-1.dump", false), ("**b", "aab", true),
        ("s-{time:yyyyMMdd}", "s-20261120", true), ("s-{time:yyyyMMdd}", "s-20261340", false),
        ("s-{time:yyyyMMdd}", "s-2026112", false),
    ])
    func matches(pattern: String, name: String, isMatch: Bool) throws {
        let pattern = try #require(BackupPattern(pattern, database: "shop"))
        #expect(pattern.match(name).isMatch == isMatch)
    }

    @Test func manyStarsDoNotHoldUpAListing() throws {
        let pattern = try #require(BackupPattern(String(repeating: "a*", count: 20) + "b", database: "shop"))
        #expect(pattern.match(String(repeating: "a", count: 250) + "b").isMatch)
        #expect(!pattern.match(String(repeating: "a", count: 251)).isMatch)
    }

    @Test func theTimeIsRead() throws {
        let pattern = try #require(BackupPattern("*-{time:yyyy-MM-dd_HHmmss}.sql", database: "shop"))
        #expect(pattern.match("shop-x-2026-11-20_013007.sql").time == Timestamp("2026-11-20T01:30:07Z"))
    }

    @Test(arguments: ["", "{when}", "{time:}", "{time:yyyy", "{time:yyyy}{time:MM}"])
    func refusesWhatItDoesNotKnow(pattern: String) {
        #expect(BackupPattern(pattern, database: "shop") == nil)
    }
}
