import Backups
import Scheduling
import Testing

@testable import Settings

@Suite struct BackupPatternTests {
    @Test(arguments: [
        ("*.sql.gz", "a.sql.gz", true), ("*.sql.gz", "a.sql.gz.tmp", false), ("a?c", "abc", true), ("a?c", "ac", false),
        ("a?c", "aéc", true), ("a?c", "a/c", false), ("é*", "éa", true), ("é*", "e\u{301}a", false),
        ("{database}-*.dump", "shop-1.dump", true), ("{database}-*.dump", "other-1.dump", false), ("**b", "aab", true),
        ("s-{time:yyyyMMdd}", "s-20261120", true), ("s-{time:yyyyMMdd}", "s-20261340", false),
        ("s-{time:yyyyMMdd}", "s-2026112", false), ("s-{time:yyyyMMdd}", "s-20260230", false),
        ("s-{time:yyyyMMdd-HHmm}", "s-20261120-2400", false), ("s-{time:yyyyMMdd}", "s-00001120", false),
        // A time is looked for where it can be one.
        ("*{time:yyyyMMdd}*", "shop-99999999-20261120.sql", true),
    ])
    func names(pattern: String, name: String, isMatch: Bool) throws {
        let pattern = try BackupPattern(pattern, database: "shop")
        #expect((pattern.match(name) != nil) == isMatch)
        #expect(pattern.mayMatch(name) || !isMatch)
    }

    @Test(arguments: [
        ("*.sql", "a/b.sql", false), ("*/*.sql", "a/b.sql", true), ("*/*.sql", "a/b/c.sql", false),
        ("*/*.sql", "b.sql", false), ("**/*.sql", "b.sql", true), ("**/*.sql", "a/b/c.sql", true),
        ("**.sql", "a/b/c.sql", true), ("**.sql", "c.sql", true), ("a/**/c.sql", "a/c.sql", true),
        ("a/**/c.sql", "a/b/b/c.sql", true), ("a/**/c.sql", "ab/c.sql", false), ("a/**/c.sql", "a/xc.sql", false),
        ("a/**", "a/b/c", true), ("a/**", "a", false), ("a**c", "a/b/c", true), ("**/b/**/c", "a/b/b/x/c", true),
        ("{time:yyyy/MM/dd}/{database}.sql", "2026/11/20/shop.sql", true),
        ("{time:yyyy/MM/dd}/{database}.sql", "2026/11/31/shop.sql", false),
    ])
    func paths(pattern: String, path: String, isMatch: Bool) throws {
        let pattern = try BackupPattern(pattern, database: "shop")
        #expect((pattern.match(path) != nil) == isMatch)
        #expect(pattern.mayMatch(path) || !isMatch)
    }

    @Test(arguments: [
        ("{database}-{time:yyyyMMdd}.sql", "my-shop-20261120.sql", "my-shop"),
        ("{database}-*.sql", "my-shop-1.sql", "my"), ("{database}.sql", "a'b\"c\\d.sql", "a'b\"c\\d"),
        ("{database}.sql", "..sql", "."), ("{database}.sql", "...sql", ".."), ("{database}.sql", "👩‍👩‍👧é日.sql", "👩‍👩‍👧é日"),
        ("**/{database}/*.sql", "daily/x/shop/1.sql", "shop"),
        ("**/{database}/{database}_{time:yyyy-MM-dd}.sql", "daily/shop/shop_2026-11-20.sql", "shop"),
        ("{database}/{time:yyyy}/{database}-{time:MMdd}.sql", "shop/2026/shop-1120.sql", "shop"),
        ("pg-?{database}", "pg-éshop", "shop"),
    ])
    func databasesAreCaptured(pattern: String, path: String, database: String) throws {
        let pattern = try BackupPattern(pattern, database: nil)
        #expect(pattern.capturesDatabase)
        #expect(pattern.match(path)?.database == database)
        // What was found is found again by the pattern of that database alone.
        let bound = pattern.bound(to: database)
        #expect(!bound.capturesDatabase)
        #expect(bound.match(path) != nil)
        #expect(pattern.mayMatch(path) && bound.mayMatch(path))
        #expect(bound.match(path)?.database == nil)
        #expect(pattern.bound(to: database + "x").match(path) == nil)
    }

    @Test(arguments: [
        ("{database}.sql", ".sql"), ("{database}.sql", "a/b.sql"), ("{database}.sql", "a\nb.sql"),
        ("{database}.sql", "a\u{7f}b.sql"), ("{database}.sql", "a\u{9b}b.sql"),
        ("**/{database}/{database}-*.sql", "shop/app-1.sql"), ("{database}/{database}.sql", "shop/shop2.sql"),
    ])
    func noDatabaseIsCaptured(pattern: String, path: String) throws {
        #expect(try BackupPattern(pattern, database: nil).match(path) == nil)
    }

    @Test func aLongNameIsOne() throws {
        let name = String(repeating: "é", count: 300)
        #expect(try BackupPattern("{database}.sql", database: nil).match(name + ".sql")?.database == name)
    }

    /// Without remembering what leads nowhere these would take for ever.
    @Test(arguments: [
        String(repeating: "a*", count: 20) + "b", String(repeating: "**a", count: 20) + "b",
        String(repeating: "**/", count: 20) + "b", String(repeating: "*?", count: 20) + "b",
        "**/{database}/" + String(repeating: "*a", count: 20) + "{database}b",
    ])
    func noNameHoldsUpAListing(pattern: String) throws {
        let pattern = try BackupPattern(pattern, database: nil)
        for path in [String(repeating: "a", count: 4000), String(repeating: "a/", count: 2000)] {
            #expect(pattern.match(path) == nil)
        }
        let stars = try BackupPattern(String(repeating: "a*", count: 20) + "b", database: "shop")
        #expect(stars.match(String(repeating: "a", count: 250) + "b") != nil)
    }

    @Test func theTimeIsRead() throws {
        let pattern = try BackupPattern("*-{time:yyyy-MM-dd_HHmmss}.sql", database: "shop")
        #expect(pattern.match("shop-x-2026-11-20_013007.sql")?.time == Timestamp("2026-11-20T01:30:07Z"))
        #expect(
            try BackupPattern("{time:yyyyMM}", database: "a").match("202611")?.time == Timestamp("2026-11-01T00:00:00Z")
        )
        #expect(try BackupPattern("*", database: "a").match("202611")?.time == nil)
    }

    @Test(arguments: [
        ("20260701-023000", "2026-07-01T00:30:00Z"), ("20261225-023000", "2026-12-25T01:30:00Z"),
        // The hour that comes twice: the first time. The hour that is left out: when the clocks were set.
        ("20261025-023000", "2026-10-25T00:30:00Z"), ("20261025-033000", "2026-10-25T02:30:00Z"),
        ("20260329-023000", "2026-03-29T01:00:00Z"), ("20260329-030000", "2026-03-29T01:00:00Z"),
    ])
    func timesHaveAZone(text: String, moment: String) throws {
        let berlin = try TimeZoneRules(named: "Europe/Berlin")
        let pattern = try BackupPattern("{time:yyyyMMdd-HHmmss}", database: "shop", zone: berlin)
        #expect(pattern.match(text)?.time == Timestamp(moment))
    }

    @Test(arguments: [
        ("", "it is empty"), ("{when}", "{when} is neither"), ("{time:}", "{time:} is neither"),
        ("{time:yyyy", "a { has no }"), ("{time:yyyyMM}{time:MM}", "MM stands there twice"),
        ("{time:YYYY-MM}", "no year"), ("/a", "does not begin with /"),
        ("{database}-{database}", "only after a directory"), ("a{database}/{database}", "only after a directory"),
        ("{database}{database}", "can't be told apart"),
    ])
    func refusesWhatItCanNotDo(pattern: String, why: String) {
        let problem = #expect(throws: PatternProblem.self) { try BackupPattern(pattern, database: nil) }
        #expect(problem?.description.contains(why) == true, "\(problem?.description ?? "")")
    }
}
