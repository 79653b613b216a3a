import Backups
import Glibc
import Integrity
import TestSupport
import Testing

@testable import PostgreSQL

/// What a recovery is handed from the archive of a real server.
@Suite(.serialized) struct WALSupplyTests {
    /// Made once; every test damages a copy of its own.
    private static let original: Result<Original, any Error> = Result { try Original() }

    private struct Original {
        let server: ArchivingServer
        /// In order.
        let segments: [String]

        init() throws {
            server = try ArchivingServer()
            try server.write(transactions: 50)
            segments = Array(try TestFile.names(in: server.archive).filter { $0.count == 24 }.suffix(9))
        }
    }

    private let original: Original
    private let directory: TemporaryDirectory
    private let wal: String
    private let cache: String

    init() throws {
        original = try Self.original.get()
        directory = try TemporaryDirectory()
        (wal, cache) = (directory.file("wal"), directory.file("cache"))
        mkdir(wal, 0o755)
        for name in original.segments { try Tool.run("cp", ["-a", "\(original.server.archive)/\(name)", wal]) }
    }

    private func supply(_ change: (inout WALSupply.Options) -> Void = { _ in }) throws -> WALSupply {
        var options = WALSupply.Options()
        options.grace = .zero
        change(&options)
        return try WALSupply(
            WALDirectory(wal), cacheDirectory: cache, options: options, cancellation: Cancellation())
    }

    private func segment(_ index: Int) -> String { original.segments[index] }
    private func path(_ index: Int) -> String { "\(wal)/\(segment(index))" }

    private func successor(of name: String) throws -> String {
        let size = try #require(WALSegmentSize(bytes: 1 << 20))
        return try #require(WALSegmentName(name)?.next(size)).description
    }

    private func expectHandedOver(_ index: Int, _ supply: WALSupply) throws {
        let file = try #require(try supply.file(segment(index)), "\(segment(index))")
        #expect(
            try TestFile.read(file) == TestFile.read("\(original.server.archive)/\(segment(index))"),
            "\(segment(index))")
    }

    // MARK: Intact

    enum Packing: String, CaseIterable {
        case raw, gzip, zstd, lz4, prefixed, unnamed

        /// Packs the segment at a path as an archive would.
        func store(_ path: String, _ name: String, in archive: String) throws {
            switch self {
            case .raw: return
            case .gzip: try Compressor.gzip.compress(path)
            case .zstd: try Compressor.zstd.compress(path)
            case .lz4: try Compressor.lz4.compress(path)
            case .prefixed:
                let place = "\(archive)/wals/\(name.prefix(16))"
                try Tool.run("mkdir", ["-p", place])
                try Compressor.gzip.compress(path, to: "\(place)/\(name).gz")
            case .unnamed:
                // Barman's `compression` gives no ending to what it compresses.
                let place = "\(archive)/wals/\(name.prefix(16))"
                try Tool.run("mkdir", ["-p", place])
                try Compressor.gzip.compress(path, to: "\(place)/\(name)")
            }
            unlink(path)
        }
    }

    @Test(arguments: Packing.allCases) func everySegmentIsHandedOverAsItWas(packing: Packing) throws {
        for (index, name) in original.segments.enumerated() { try packing.store(path(index), name, in: wal) }
        let supply = try supply { $0.ahead = 3 }
        for index in original.segments.indices {
            try expectHandedOver(index, supply)
            // Those that come next, and this one.
            #expect(try TestFile.names(in: cache).count <= 4)
        }
        #expect(supply.tally.segments == UInt64(original.segments.count))
        #expect(supply.tally.bytes == UInt64(original.segments.count) << 20)
        #expect(supply.tally.waited > .zero)
        // The end of the archive: nothing is there under any name.
        #expect(try supply.file(successor(of: segment(8))) == nil)
        #expect(try supply.file("00000002.history") == nil)
        #expect(try supply.file("00000002\(segment(8).dropFirst(8))") == nil)
        supply.close()
        #expect(try TestFile.names(in: cache) == [])
    }

    @Test func recoveryMayJump() throws {
        let supply = try supply { $0.ahead = 2 }
        // It begins with the checkpoint, goes back to where replay begins, and asks for the last one again at its end.
        for index in [3, 1, 2, 3, 4, 8, 8, 0] { try expectHandedOver(index, supply) }
        // The caller takes it away: then it is fetched again.
        let file = try #require(try supply.file(segment(5)))
        #expect(rename(file, directory.file("taken")) == 0)
        try expectHandedOver(5, supply)
    }

    @Test func whatComesNextIsThereBeforeItIsAskedFor() throws {
        let supply = try supply { $0.ahead = 4 }
        try expectHandedOver(0, supply)
        try expectHandedOver(1, supply)
        try TestDeadline.wait(for: "the next four") {
            Set(try TestFile.names(in: cache).map { String($0.prefix(24)) }) == Set(original.segments[1...5])
        }
        // They come from the cache now.
        for index in 2...5 { unlink(path(index)) }
        for index in 2...5 { try expectHandedOver(index, supply) }
    }

    @Test func notesAreHandedOverToo() throws {
        try TestFile.write(Array("1\t0/3000060\tno recovery target specified\n".utf8), to: "\(wal)/00000002.history")
        try Compressor.gzip.compress("\(wal)/00000002.history")
        unlink("\(wal)/00000002.history")
        let notes = "\(segment(0)).00000028.backup"
        try TestFile.write(Array("START WAL LOCATION: 0/2000028\n".utf8), to: "\(wal)/\(notes)")
        try Tool.run("mv", [path(8), "\(path(8)).partial"])
        let supply = try supply()
        #expect(try TestFile.text(#require(try supply.file("00000002.history"))).hasPrefix("1\t0/3000060"))
        #expect(try supply.file("00000003.history") == nil)
        #expect(try TestFile.text(#require(try supply.file(notes))).hasPrefix("START"))
        #expect(try supply.file(segment(8)) == nil)
        let partial = try #require(try supply.file("\(segment(8)).partial"))
        #expect(try TestFile.size(partial) == 1 << 20)
        #expect(throws: Obstacle.self) { try supply.file("postgresql.conf") }
    }

    // MARK: Damage

    struct Flaw: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reason: Reason
        var packing = Packing.raw
        /// Of the stored file; the directory holds the other segments.
        let damage: @Sendable (_ path: String, _ others: [String]) throws -> Void
    }

    static let flaws = [
        Flaw(testDescription: "empty", reason: .emptyFile) { path, _ in try Tool.run("truncate", ["-s", "0", path]) },
        Flaw(testDescription: "cut in the header", reason: .truncated) { path, _ in
            try Tool.run("truncate", ["-s", "20", path])
        },
        Flaw(testDescription: "cut", reason: .truncated) { path, _ in try Tool.run("truncate", ["-s", "1040384", path])
        },
        Flaw(testDescription: "too long", reason: .trailingBytes) { path, _ in
            try Tool.run("truncate", ["-s", "1056768", path])
        },
        Flaw(testDescription: "zeros", reason: .corrupt) { path, _ in
            try Tool.shell("head -c 1048576 /dev/zero >\"$1\"", [path])
        },
        Flaw(testDescription: "another's content", reason: .corrupt) { path, others in
            try Tool.run("cp", [others[6], path])
        },
        Flaw(testDescription: "another cluster's", reason: .walForeign) { path, _ in
            var bytes = try TestFile.read(path)
            bytes[24] ^= 1
            try TestFile.write(bytes, to: path)
        },
        Flaw(testDescription: "gzip, a flipped bit", reason: .corrupt, packing: .gzip) { path, _ in
            try Damage.flipBit(UInt64(try TestFile.size(path)) * 4).copy(path, to: path)
        },
        Flaw(testDescription: "gzip, cut", reason: .corrupt, packing: .gzip) { path, _ in
            try Tool.run("truncate", ["-s", "-100", path])
        },
        Flaw(testDescription: "zstd, cut", reason: .corrupt, packing: .zstd) { path, _ in
            try Tool.run("truncate", ["-s", "-100", path])
        },
        Flaw(testDescription: "lz4, cut", reason: .corrupt, packing: .lz4) { path, _ in
            try Tool.run("truncate", ["-s", "-100", path])
        },
    ]

    /// Asked for by itself, and as one that was fetched ahead.
    @Test(arguments: flaws) func whatCantBeReplayedIsNotHandedOver(flaw: Flaw) throws {
        for (index, name) in original.segments.enumerated() { try flaw.packing.store(path(index), name, in: wal) }
        let suffix = [Packing.gzip: ".gz", .zstd: ".zst", .lz4: ".lz4"][flaw.packing] ?? ""
        let others = original.segments.indices.map { path($0) + suffix }
        try flaw.damage(others[2], others)
        for ahead in [1, 4] {
            let supply = try supply { $0.ahead = ahead }
            try expectHandedOver(0, supply)
            try expectHandedOver(1, supply)
            let damage = #expect(throws: ContentDamage.self) { try supply.file(segment(2)) }
            #expect(damage?.reason == flaw.reason)
            #expect(damage?.message.contains(segment(2)) == true, "\(damage?.message ?? "")")
            try expectHandedOver(3, supply)
            supply.close()
            #expect(try TestFile.names(in: cache) == [])
        }
        // A good copy beside it is as good.
        try Tool.run("mkdir", ["\(wal)/copies"])
        try Tool.run("cp", ["\(original.server.archive)/\(segment(2))", "\(wal)/copies"])
        let identifier = try #require(UInt64(try original.server.systemIdentifier))
        try expectHandedOver(2, try supply { $0.systemIdentifier = identifier })
    }

    @Test func theClusterIsThatOfTheBaseBackup() throws {
        let identifier = try #require(UInt64(try original.server.systemIdentifier))
        try expectHandedOver(0, try supply { $0.systemIdentifier = identifier })
        let other = try supply { $0.systemIdentifier = identifier + 1 }
        #expect(throws: ContentDamage.self) { try other.file(segment(0)) }
    }

    @Test func whatIsStillBeingWrittenIsNotBlamed() throws {
        try Tool.run("truncate", ["-s", "8192", path(2)])
        let supply = try supply { $0.grace = .seconds(3600) }
        try expectHandedOver(1, supply)
        #expect((#expect(throws: Obstacle.self) { try supply.file(segment(2)) })?.reason == .changedWhileReading)
        // Made in its whole length before anything is written to it.
        try Tool.shell("head -c 1048576 /dev/zero >\"$1\"", [path(2)])
        #expect((#expect(throws: Obstacle.self) { try supply.file(segment(2)) })?.reason == .changedWhileReading)
        // Now it is written.
        try Tool.run("cp", ["\(original.server.archive)/\(segment(2))", wal])
        try expectHandedOver(2, supply)
    }

    /// As `restorable wal`: ten minutes, where nothing else is said. A time that has not come holds nothing back.
    @Test(
        arguments: [
            (-300, .changedWhileReading), (-900, .truncated), (300, .changedWhileReading), (864_000, .truncated),
        ] as [(Int64, Reason)])
    func whatIsCutIsDamageWhenItHeldStill(age: Int64, reason: Reason) throws {
        try Tool.run("truncate", ["-s", "8192", path(2)])
        try PageArchive.setTime(of: path(2), Timestamp(seconds: Timestamp.now().seconds + age))
        let supply = try WALSupply(WALDirectory(wal), cacheDirectory: cache, cancellation: Cancellation())
        try expectHandedOver(1, supply)
        do {
            _ = try supply.file(segment(2))
            Issue.record("it was handed over")
        } catch {
            #expect((error as? Obstacle)?.reason ?? (error as? ContentDamage)?.reason == reason)
        }
    }

    @Test func aDamagedHistoryIsNoMissingOne() throws {
        try TestFile.write(Array("nonsense\n".utf8), to: "\(wal)/00000002.history")
        let supply = try supply()
        #expect(throws: ContentDamage.self) { try supply.file("00000002.history") }
        #expect(try supply.file("00000003.history") == nil)
    }

    @Test func whatIsPackedByAStrangerIsNoMissingOne() throws {
        try Tool.run("mv", [path(2), "\(path(2)).lzo"])
        let supply = try supply()
        try expectHandedOver(1, supply)
        #expect((#expect(throws: Obstacle.self) { try supply.file(segment(2)) })?.reason == .unsupportedFormat)
    }

    // MARK: Absence

    @Test func absenceIsProvedByLookingAgain() throws {
        let away = directory.file("away")
        try Tool.run("mv", [path(4), away])
        let supply = try supply { $0.ahead = 1 }
        try expectHandedOver(0, supply)
        #expect(try supply.file(segment(4)) == nil)
        // It came later than the archive was listed.
        try Tool.run("mv", [away, path(4)])
        try expectHandedOver(4, supply)
        // An archive that can't be looked at proves nothing.
        try Tool.run("mv", [wal, away])
        #expect(throws: Obstacle.self) { try supply.file(segment(7)) }
        #expect(throws: Obstacle.self) { try supply.file(successor(of: segment(8))) }
        #expect(throws: Obstacle.self) { try supply.file("00000002.history") }
        try Tool.run("mv", [away, wal])
        #expect(try supply.file(successor(of: segment(8))) == nil)
    }

    /// What was there when recovery began is not absent: recovery would take it for the end of the log, or stay on a timeline that
    /// was left.
    @Test func whatIsGoneSinceIsNotAbsent() throws {
        func write(_ text: String, to name: String) throws {
            try TestFile.write(Array(text.utf8), to: "\(wal)/\(name)")
        }
        func reason(_ name: String, _ supply: WALSupply) -> Reason? {
            (#expect(throws: Obstacle.self) { try supply.file(name) })?.reason
        }
        try write("1\t0/3000060\tno recovery target specified\n", to: "00000002.history")
        let supply = try supply { $0.ahead = 1 }
        try expectHandedOver(0, supply)
        #expect(try supply.file("00000002.history") != nil)
        // Another name, and the same file.
        try Compressor.gzip.compress(path(5))
        unlink(path(5))
        try expectHandedOver(5, supply)

        unlink(path(7))
        #expect(reason(segment(7), supply) == .vanished)
        unlink("\(wal)/00000002.history")
        #expect(reason("00000002.history", supply) == .vanished)
        // Also after a listing without them.
        #expect(try supply.file("00000003.history") == nil)
        #expect(reason("00000002.history", supply) == .vanished)
        #expect(reason(segment(7), supply) == .vanished)
        // It came later than the archive was listed, and went.
        try write("1\t0/3000060\tno recovery target specified\n", to: "00000003.history")
        #expect(try supply.file("00000003.history") != nil)
        unlink("\(wal)/00000003.history")
        try expectHandedOver(1, supply)
        #expect(reason("00000003.history", supply) == .vanished)
    }

    @Test func anEndIsNoAbsence() throws {
        let cancellation = Cancellation()
        let supply = try WALSupply(WALDirectory(wal), cacheDirectory: cache, cancellation: cancellation)
        try expectHandedOver(0, supply)
        cancellation.cancel(Obstacle(.deadlineExceeded, "too late"))
        #expect((#expect(throws: Obstacle.self) { try supply.file(segment(1)) })?.reason == .deadlineExceeded)
        #expect(throws: Obstacle.self) { try supply.file("00000002.history") }
        supply.close()
        #expect(try TestFile.names(in: cache) == [])
    }
}
