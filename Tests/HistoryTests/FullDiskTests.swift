import Backups
import Foundation
import Glibc
import TestSupport
import Testing

@testable import History

/// A disk that is full, and one that may not be written to: on file systems of the test's own.
@Suite(.enabled(if: SmallFileSystem.isAllowed)) struct FullDiskTests {
    @Test func nothingIsLostAndALaterWriteSucceeds() throws {
        let disk = try SmallFileSystem(bytes: 2 << 20)
        let path = disk.path + "/history.sqlite"
        let backup = Sample.backup(1)
        let store = try SQLiteHistory.open(path: path, now: .day(0)).0
        let first = try store.begin("shop", backup: backup.identity, at: .day(1))
        try store.finish(first, Sample.filled())
        let second = try store.begin("shop", backup: backup.identity, at: .day(2))
        let before = try store.verificationFacts(of: "shop", present: [backup.identity])
        disk.fill()
        var refusals: [Obstacle] = []
        // The log has room of its own for a few.
        for _ in 0..<2000 where refusals.count < 3 {
            do {
                try store.note(ProductionSample(takenAt: .day(1), epoch: "\(UUID())", tables: []), of: "shop")
            } catch let obstacle as Obstacle {
                refusals.append(obstacle)
            }
        }
        #expect(refusals.map(\.reason) == [.diskFull, .diskFull, .diskFull])
        #expect(refusals.first?.hint != nil)
        #expect(throws: Obstacle.self) { try store.finish(second, Sample.filled()) }
        // It serves what it knows.
        #expect(try store.report(first) == Sample.filled())
        #expect(try store.verificationFacts(of: "shop", present: [backup.identity]) == before)
        #expect(try store.report(second) == nil)
        disk.makeSpace()
        try store.finish(second, Sample.filled())
        #expect(try store.report(second) == Sample.filled())
        try store.close()
    }

    @Test func openingOnAFullDiskIsSaidAndHarmsNothing() throws {
        let disk = try SmallFileSystem(bytes: 2 << 20)
        let path = disk.path + "/history.sqlite"
        func fill() throws -> RunID {
            let store = try SQLiteHistory.open(path: path, now: .day(0)).0
            let run = try store.begin("shop", backup: Sample.backup(1).identity, at: .day(1))
            try store.finish(run, Sample.filled())
            try store.close()
            return run
        }
        let run = try fill()
        // Reading needs an index of the log, which takes room.
        for suffix in ["-wal", "-shm"] { unlink(path + suffix) }
        disk.fill()
        let refusal = #expect(throws: Obstacle.self) { try SQLiteHistory.open(path: path, now: .day(2)) }
        #expect(refusal?.reason == .diskFull)
        // What it holds can be read all the same, and nothing is made beside it.
        let names = try TestFile.names(in: disk.path)
        let reading = try SQLiteHistory.openForReading(path: path)
        #expect(try reading.report(run) == Sample.filled())
        #expect(throws: Obstacle.self) { try reading.begin("shop", backup: Sample.backup(2).identity, at: .day(2)) }
        #expect(try TestFile.names(in: disk.path) == names)
        disk.makeSpace()
        let (store, notice) = try SQLiteHistory.open(path: path, now: .day(3))
        #expect(notice == nil)
        #expect(try store.report(run) == Sample.filled())
    }

    @Test func beginningOnAFullDiskIsSaid() throws {
        let disk = try SmallFileSystem(bytes: 65_536)
        disk.fill()
        let path = disk.path + "/history.sqlite"
        let refusal = #expect(throws: Obstacle.self) { try SQLiteHistory.open(path: path, now: .day(0)) }
        #expect(refusal?.reason == .diskFull)
    }

    @Test func aFileSystemThatMayNotBeWrittenToIsSaid() throws {
        let disk = try SmallFileSystem(bytes: 1 << 20)
        try disk.makeReadOnly()
        let path = disk.path + "/history.sqlite"
        let refusal = #expect(throws: Obstacle.self) { try SQLiteHistory.open(path: path, now: .day(0)) }
        #expect(refusal?.reason == .unreadable && refusal?.message.contains("Read-only file system") == true)
    }
}
