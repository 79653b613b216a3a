import Backups
import TestSupport
import Testing

@testable import Locations

/// A bucket with versions whose objects are locked, as backups against ransomware are kept: only where
/// `RESTORABLE_TEST_S3` names a store that has them.
@Suite(.enabled(if: StartedStore.fromEnvironment != nil)) struct LockedBucketTests {
    private func makeLocation(lockedFor days: Int?) throws -> any Location {
        guard let store = StartedStore.fromEnvironment else { throw TestFailure("RESTORABLE_TEST_S3 is not set") }
        let bucket = try store.makeBucket(lockedFor: days)
        return try KnownLocations(environment: store.environment, retry: .quick).location("s3://\(bucket)/pg")
    }

    @Test(arguments: [10, 20 << 20]) func whatIsLockedIsWrittenReadAndReplaced(size: Int) throws {
        let location = try makeLocation(lockedFor: 1)
        for seed in [1, 2] as [UInt64] {
            let bytes = randomBytes(size, seed: seed)
            let writer = try location.makeWriter("shop.dump", cancellation: Cancellation())
            try writer.write(bytes)
            try writer.finish()
            #expect(try location.open("shop.dump", cancellation: Cancellation()).bytes() == bytes)
            #expect(try location.objects(cancellation: Cancellation()).map(\.path) == ["shop.dump"])
        }
        // Its versions stay; the name goes.
        try location.remove("shop.dump", cancellation: Cancellation())
        #expect(try location.find("shop.dump", cancellation: Cancellation()) == nil)
        #expect(try location.objects(cancellation: Cancellation()) == [])
    }

    /// The version that was opened is pinned, and said to be gone when a new one has come.
    @Test func aNewVersionIsNoticed() throws {
        let location = try makeLocation(lockedFor: 1)
        let (old, new) = (randomBytes(5_000_000, seed: 1), randomBytes(5_000_000, seed: 2))
        func store(_ bytes: [UInt8]) throws {
            let writer = try location.makeWriter("shop.dump", cancellation: Cancellation())
            try writer.write(bytes)
            try writer.finish()
        }
        try store(old)
        let stored = try location.open("shop.dump", cancellation: Cancellation())
        #expect(try stored.bytes() == old)
        try store(new)
        let error = #expect(throws: Obstacle.self) { try stored.bytes() }
        #expect(error?.reason == .vanished)
    }

    @Test(arguments: [nil, 1]) func anUnfinishedUploadIsToldAndRemoved(days: Int?) throws {
        let location = try makeLocation(lockedFor: days)
        let writer = try location.makeWriter("a b+c.dump", cancellation: Cancellation())
        try writer.write(randomBytes(17 << 20))
        let found = try location.unfinished(cancellation: Cancellation()) { $0.hasSuffix(".dump") }
        #expect(found.map(\.path) == ["a b+c.dump"])
        #expect(found.allSatisfy { abs($0.touched.seconds(since: .now())) < 600 })
        #expect(try location.unfinished(cancellation: Cancellation()) { $0 == "other" } == [])
        for upload in found { try location.remove(upload, cancellation: Cancellation()) }
        #expect(try location.unfinished(cancellation: Cancellation()) { _ in true } == [])
        #expect(throws: Obstacle.self) { try writer.finish() }
    }

    @Test func severalConnectionsReadIt() throws {
        guard let store = StartedStore.fromEnvironment else { throw TestFailure("RESTORABLE_TEST_S3 is not set") }
        let bucket = try store.makeBucket()
        var ahead = ReadAhead()
        (ahead.first, ahead.rangeSize) = (4, 300_000)
        let location = try KnownLocations(environment: store.environment, retry: .quick, readAhead: ahead)
            .location("s3://\(bucket)")
        let bytes = randomBytes(5_000_000)
        let writer = try location.makeWriter("big", cancellation: Cancellation())
        try writer.write(bytes)
        try writer.finish()
        #expect(try location.open("big", cancellation: Cancellation()).bytes() == bytes)
        #expect(try location.open("big", cancellation: Cancellation()).bytes(from: 777) == Array(bytes[777...]))
    }
}
