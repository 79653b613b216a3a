import Backups
import Processes
import TestSupport
import Testing

/// What every location promises (``Location``), whatever is behind it; after the backend suites of restic and rclone.
@Suite struct LocationContractTests {
    static let oddNames = [
        "a b.sql", "a+b.sql", "a%20b.sql", "a#b.sql", "a?b=c&d.sql", "ä/ö/ü.sql", "日本語.sql", "e\u{301}.sql",
        "quote'\".sql",
        "semi;colon:,@=$!*()~.sql", "back\\slash.sql", "<tag>&amp;.sql", "a/b/c/d/e/f.sql", "-dash", "tilde~",
    ]

    @Test(arguments: LocationImplementation.allCases) func anEmptyOneIsEmpty(kind: LocationImplementation) throws {
        let place = try kind.makePlace()
        if kind != .directory { try place.store([1], "gone") }
        try place.location.remove("gone", cancellation: Cancellation())
        #expect(try place.paths() == [])
        let listing = try place.location.survey(cancellation: Cancellation())
        #expect(listing.entries == [] && listing.skipped == [])
        // Whose clock it is only a directory knows; a store of S3 tells what its own shows.
        #expect(kind == .directory || !listing.hasOwnTime)
        #expect((listing.serverTime != nil) == [.s3, .otherS3].contains(kind))
    }

    @Test(arguments: LocationImplementation.allCases) func aMissingOneIsNotEmpty(kind: LocationImplementation) throws {
        let place = try kind.makePlace()
        let error = #expect(throws: Obstacle.self) { try place.missing.objects(cancellation: Cancellation()) }
        #expect(error?.reason == .unreadable)
        #expect(error?.hint != nil)
        #expect(throws: Obstacle.self) { try place.missing.survey(cancellation: Cancellation()) }
        #expect(throws: Obstacle.self) { try place.missing.open("a", cancellation: Cancellation()) }
    }

    @Test(arguments: LocationImplementation.allCases) func whatWasPutIsListedInOrder(kind: LocationImplementation)
        throws
    {
        let place = try kind.makePlace()
        for path in Self.oddNames.reversed() { try place.put(Array(path.utf8), path) }
        let listed = try place.location.objects(cancellation: Cancellation())
        let expected = Self.oddNames.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        #expect(listed.map { Array($0.path.utf8) } == expected.map { Array($0.utf8) })
        #expect(listed.map(\.size) == expected.map { UInt64($0.utf8.count) })
        #expect(listed.allSatisfy { abs($0.modified.seconds(since: .now())) < 600 })
    }

    @Test(arguments: LocationImplementation.allCases) func anyNameIsReadAndFound(kind: LocationImplementation) throws {
        let place = try kind.makePlace()
        // Each step is a process of rclone's.
        let names = kind == .rclone ? Array(Self.oddNames[3..<8]) : Self.oddNames
        for path in names { try place.store(Array(path.utf8), path) }
        for path in names {
            #expect(try place.read(path) == Array(path.utf8), "\(path)")
            let found = try place.location.find(path, cancellation: Cancellation())
            #expect(found?.size == UInt64(path.utf8.count), "\(path)")
        }
    }

    @Test(arguments: LocationImplementation.allCases) func whatIsNotThereIsNotFound(kind: LocationImplementation) throws
    {
        let place = try kind.makePlace()
        try place.put([1], "there/a")
        #expect(try place.location.find("nowhere", cancellation: Cancellation()) == nil)
        #expect(try place.location.find("there", cancellation: Cancellation()) == nil)
        #expect(try place.location.find("there/a/b", cancellation: Cancellation()) == nil)
        let error = #expect(throws: Obstacle.self) {
            _ = try place.location.open("nowhere", cancellation: Cancellation()).bytes()
        }
        #expect(error?.reason == .unreadable)
        #expect(error?.message.contains("nowhere") == true)
        try place.location.remove("nowhere", cancellation: Cancellation())
    }

    @Test(arguments: LocationImplementation.allCases) func bytesAreReadFromAnyOffset(kind: LocationImplementation)
        throws
    {
        let place = try kind.makePlace()
        let bytes = randomBytes(3_000_001)
        try place.put(bytes, "big")
        let stored = try place.location.open("big", cancellation: Cancellation())
        #expect(stored.size == 3_000_001)
        for offset in [0, 1, 2_999_999, 3_000_001, 4_000_000] as [UInt64] {
            #expect(try stored.bytes(from: offset) == Array(bytes.dropFirst(Int(offset))), "from \(offset)")
        }
        let reader = try stored.makeReader(at: 7)
        #expect(try reader.rest(piece: 4099) == Array(bytes.dropFirst(7)))
        #expect(try reader.rest() == [])
    }

    @Test(arguments: LocationImplementation.allCases) func anEmptyObjectHasNoBytes(kind: LocationImplementation) throws
    {
        let place = try kind.makePlace()
        try place.store([], "nothing")
        #expect(try place.location.open("nothing", cancellation: Cancellation()).size == 0)
        #expect(try place.read("nothing") == [])
        #expect(try place.location.objects(cancellation: Cancellation()).map(\.size) == [0])
    }

    @Test(arguments: LocationImplementation.allCases) func readersDoNotDisturbEachOther(kind: LocationImplementation)
        throws
    {
        let place = try kind.makePlace()
        let bytes = randomBytes(2_000_000)
        try place.put(bytes, "big")
        let stored = try place.location.open("big", cancellation: Cancellation())
        let ends = (0..<4).map { number in
            let end = SignalledOnce<Bool>()
            DetachedThread.start(named: "reader") {
                let offset = UInt64(number) * 300_000
                end.set((try? stored.bytes(from: offset)) == Array(bytes.dropFirst(Int(offset))))
            }
            return end
        }
        #expect(ends.map { $0.wait() } == Array(repeating: true, count: 4))
    }

    /// The old version to its end, or an error; never some of each.
    @Test(arguments: LocationImplementation.allCases) func anObjectThatIsReplacedIsNeverMixed(
        kind: LocationImplementation
    ) throws {
        let place = try kind.makePlace()
        let old = randomBytes(20_000_000, seed: 1)
        try place.put(old, "big")
        let stored = try place.location.open("big", cancellation: Cancellation())
        let reader = try stored.makeReader(at: 0)
        var first = [UInt8](repeating: 0, count: 1000)
        let count = try first.withUnsafeMutableBytes { try reader.read(into: $0) }
        try place.put(randomBytes(20_000_000, seed: 2), "big")
        do {
            let whole = try Array(first[..<count]) + reader.rest()
            #expect(whole == old)
        } catch let obstacle as Obstacle {
            #expect([.vanished, .changedWhileReading, .transferDamaged].contains(obstacle.reason), "\(obstacle)")
        }
        do {
            #expect(try stored.bytes(from: 1000) == Array(old.dropFirst(1000)))
        } catch let obstacle as Obstacle {
            #expect([.vanished, .changedWhileReading].contains(obstacle.reason), "\(obstacle)")
        }
    }

    @Test(arguments: LocationImplementation.allCases) func anObjectIsThereWhenItIsFinished(kind: LocationImplementation)
        throws
    {
        let place = try kind.makePlace()
        try place.put([1, 2, 3], "dir/a")
        for size in [10, 20 << 20] {
            let bytes = randomBytes(size, seed: UInt64(size))
            let before = try place.read("dir/a")
            let writer = try place.location.makeWriter("dir/a", cancellation: Cancellation())
            try writer.write(Array(bytes[..<(size / 2)]))
            #expect(try place.read("dir/a") == before)
            try writer.write(Array(bytes[(size / 2)...]))
            #expect(try place.read("dir/a") == before)
            try writer.finish()
            #expect(try place.read("dir/a") == bytes)
            writer.abandon()
            #expect(try place.paths() == ["dir/a"])
        }
    }

    @Test(arguments: LocationImplementation.allCases) func whatIsAbandonedLeavesNothing(kind: LocationImplementation)
        throws
    {
        let place = try kind.makePlace()
        try place.put([1], "a")
        for size in [10, 20 << 20] {
            // What fits into one part of S3's is not sent before its end.
            let isSent = [.s3, .otherS3].contains(kind) && size > 16 << 20
            let writer = try place.location.makeWriter("b", cancellation: Cancellation())
            try writer.write(randomBytes(size))
            #expect(try place.unfinished() == ["b"] || !isSent)
            writer.abandon()
            #expect(try place.unfinished() == [])
            try {
                let released = try place.location.makeWriter("c", cancellation: Cancellation())
                try released.write(randomBytes(size))
                #expect(try place.unfinished() == ["c"] || !isSent)
            }()
            #expect(try place.unfinished() == [])
            #expect(try place.paths() == ["a"])
        }
    }

    @Test(arguments: LocationImplementation.allCases) func manyObjectsAreListed(kind: LocationImplementation) throws {
        let place = try kind.makePlace(isLarge: true)
        try place.put([1], "z")
        try place.touch(
            (1...1100).map { "n-00\($0 < 1000 ? "0" : "")\($0 < 100 ? "0" : "")\($0 < 10 ? "0" : "")\($0)" })
        let paths = try place.paths()
        #expect(paths.count == 1101)
        #expect(paths == paths.sorted())
        #expect(try place.paths(after: "n-000999").first == "n-001000")
        #expect(try place.paths(after: "n-000999").count == 102)
        #expect(try place.paths(after: "n-000999x").count == 102)
        #expect(try place.paths(after: "z") == [])
    }

    @Test(arguments: LocationImplementation.allCases) func aListingGoesOnAfterANestedPath(kind: LocationImplementation)
        throws
    {
        let place = try kind.makePlace()
        let all = ["a-b", "a.b", "a/1", "a/2/x", "a/2/y", "a/3", "a0", "b"]
        for path in all { try place.put([0], path) }
        #expect(try place.paths() == all)
        for (index, path) in all.enumerated() where kind != .rclone || index % 3 == 2 {
            #expect(try place.paths(after: path) == Array(all[(index + 1)...]), "after \(path)")
        }
    }

    @Test(arguments: LocationImplementation.allCases) func aVisitorEndsTheListing(kind: LocationImplementation) throws {
        struct Enough: Error {}
        let place = try kind.makePlace()
        for path in ["a", "b", "c"] { try place.put([0], path) }
        var seen: [String] = []
        #expect(throws: Enough.self) {
            try place.location.list(after: nil, cancellation: Cancellation()) {
                seen.append($0.path)
                if seen.count == 2 { throw Enough() }
            }
        }
        #expect(seen == ["a", "b"])
    }

    @Test(arguments: LocationImplementation.allCases) func whatIsCancelledEnds(kind: LocationImplementation) throws {
        let place = try kind.makePlace()
        try place.put([0], "a")
        let cancellation = Cancellation()
        cancellation.cancel(Obstacle(.interrupted, "enough"))
        let error = #expect(throws: Obstacle.self) { try place.location.objects(cancellation: cancellation) }
        #expect(error?.reason == .interrupted)
    }

    @Test(arguments: LocationImplementation.allCases) func backupsAreToldFromOtherThings(kind: LocationImplementation)
        throws
    {
        let place = try kind.makePlace()
        let paths = [
            ".a.sql.partial-1", "a.sql", "a.sql.manifest.json", "b-1.sql", "b.sql", "old/c.sql",
            "old/shop.dir/1.dat.gz",
            "old/shop.dir/toc.dat", "old/shop.dir.manifest.json", "old/.hidden/d.sql",
        ]
        for path in paths { try place.put([1, 2, 3], path) }
        let listing = try place.location.survey(cancellation: Cancellation())
        let entries = listing.entries.sorted { $0.path < $1.path }
        #expect(entries.map(\.path) == ["a.sql", "b-1.sql", "b.sql", "old/c.sql", "old/shop.dir"])
        #expect(entries.filter(\.hasManifest).map(\.path) == ["a.sql", "old/shop.dir"])
        #expect(entries.map(\.identity.sizeBytes) == [3, 3, 3, 3, 6])
        #expect(entries.map(\.identity.path) == entries.map { "\(place.location.address)/\($0.path)" })
    }
}
