import Backups
import TestSupport
import Testing

@testable import Verification

@Suite struct ManifestFileTests {
    private struct Unanswering: StoredBytes {
        let name = "s3://bucket/shop.sql.manifest.json"
        let size: UInt64? = 10
        let reason: Reason

        func makeReader(at offset: UInt64) throws -> any ByteReader { throw Obstacle(reason, "as it is") }
    }

    private func reason(_ path: String, _ reason: Reason) -> Reason? {
        #expect(throws: Obstacle.self) { try ManifestFile.read(path) { Unanswering(reason: reason) } }?.reason
    }

    /// Another attempt may get over what keeps a store from answering, and over being ended.
    @Test(arguments: [Reason.connectionFailed, .authenticationFailed, .vanished, .interrupted, .deadlineExceeded])
    func whatIsInTheWayIsNotTheManifests(why: Reason) {
        #expect(reason("s3://bucket/shop.sql.manifest.json", why) == why)
    }

    @Test func oneThatIsNotThereOrIsNoneIsUnusable() throws {
        #expect(reason("s3://bucket/shop.sql.manifest.json", .unreadable) == .manifestUnusable)
        let directory = try TemporaryDirectory()
        for path in [directory.file("none"), try directory.write("no manifest", to: "other")] {
            let error = #expect(throws: Obstacle.self) { try ManifestFile.read(path) }
            #expect(error?.reason == .manifestUnusable)
        }
    }
}
