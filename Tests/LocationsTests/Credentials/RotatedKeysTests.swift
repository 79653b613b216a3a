import Backups
import TestSupport
import Testing

@testable import Locations

/// Keys that somebody changes in the file of profiles while a daemon runs.
@Suite struct RotatedKeysTests {
    @Test func theNextLookHasThem() throws {
        let server = try S3Server.shared()
        let bucket = try server.makeBucket()
        try bucket.put([1, 2, 3], "key")
        let directory = try TemporaryDirectory()
        func write(_ secret: String) throws -> String {
            try directory.write(
                "[default]\naws_access_key_id = \(S3Server.accessKey)\naws_secret_access_key = \(secret)\n",
                to: "credentials")
        }
        let file = try write(S3Server.secretKey)
        let locations = KnownLocations(
            environment: [
                "HOME": "/nonexistent", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:\(server.port)",
                "AWS_EC2_METADATA_DISABLED": "true", "AWS_SHARED_CREDENTIALS_FILE": file,
            ], retry: .quick)
        func look() throws -> [String] {
            try locations.location(bucket.address).objects(cancellation: Cancellation()).map(\.path)
        }
        #expect(try look() == ["key"])
        _ = try write("another")
        #expect(throws: Obstacle.self) { try look() }
        _ = try write(S3Server.secretKey)
        #expect(try look() == ["key"])
    }
}
