import Testing

@testable import PostgreSQL

@Suite struct AbandonedUploadsTests {
    /// Only names that dump makes are ours.
    @Test(arguments: [
        ("shop-20261120-020000.sql.gz", true), ("pg/my-shop-20261120-020000.dump", true),
        ("ä_1-20261120-020000.dir", true), ("shop.sql.gz", false), ("shop-20261120.sql.gz", false),
        ("shop-20261120-020000.tar", false), ("-20261120-020000.dump", false), ("20261120-020000.dump", false),
        ("shop-2026112O-020000.dump", false), ("shop-20261120-0200000.dump", false), ("", false), (".dump", false),
        ("shop-20261120-020000.dump/x", false),
    ])
    func oursAreKnownByName(path: String, isOurs: Bool) {
        #expect(AbandonedUploads.isOurs(path) == isOurs, "\(path)")
    }
}
