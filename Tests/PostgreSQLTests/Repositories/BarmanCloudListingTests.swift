import Backups
import Testing

@testable import PostgreSQL

/// What `barman-cloud-backup-list` says, and the store beside it.
@Suite struct BarmanCloudListingTests {
    private static let text = #"""
        {"backups_list": [
          {"backup_label": "'START WAL LOCATION: 0/700028 (file 000000010000000000000007)\\nSTART TIME: 2026-11-22 08:55:20 UTC\\n'",
           "begin_time": "Sun Nov 22 08:55:20 2026", "status": "DONE", "tablespaces": [["extra", 16385, "/srv/extra"]],
           "version": 150018, "error": null, "backup_id": "20261122T085520"},
          {"status": "FAILED", "error": "no disk", "tablespaces": null, "backup_id": "20261121T085520"},
          {"status": "STARTED", "backup_id": "20261123T085520"}]}
        """#

    @Test func theStoreTellsTimesAndSizes() throws {
        let address = try #require(RepositoryAddress("barman-cloud:s3://bucket/main"))
        let listing = try BarmanCloudListing(Array(Self.text.utf8), of: address)
        let noted = try #require(Timestamp("2026-11-22T08:55:25Z"))
        let backups = listing.backups(with: ["20261122T085520": .init(bytes: 9, noted: noted)])
        #expect(backups.map(\.label) == ["20261121T085520", "20261122T085520", "20261123T085520"])
        #expect(backups.map(\.standing) == [.failed("no disk"), .complete, .unfinished])
        #expect(backups[1].startedAt == Timestamp("2026-11-22T08:55:20Z") && backups[1].stoppedAt == noted)
        #expect(backups[1].storedSize == 9 && backups[1].major == 15)
        #expect(backups[2].stoppedAt == nil)
        #expect(listing.tablespaces(of: "20261122T085520") == ["extra"])
        #expect(listing.tablespaces(of: "20261121T085520") == [] && listing.tablespaces(of: "x") == nil)
        #expect(throws: Obstacle.self) { try BarmanCloudListing(Array("[]".utf8), of: address) }
    }
}
