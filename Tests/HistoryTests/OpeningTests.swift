import Backups
import Foundation
import GRDB
import Glibc
import Testing

@testable import History

/// A file that can be used, and those that can't.
@Suite struct OpeningTests {
    private let directory: HistoryDirectory

    init() throws {
        directory = try HistoryDirectory()
    }

    private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }

    private func obstacle(_ work: () throws -> Void) -> Obstacle? {
        do {
            try work()
            return nil
        } catch {
            return error as? Obstacle
        }
    }

    /// A history with something in it, closed.
    private func fill(_ runs: Int = 40) throws {
        let store = try directory.open()
        for day in 1...runs {
            let run = try store.begin("shop", backup: Sample.backup(day).identity, at: .day(day))
            try store.finish(run, Sample.filled())
        }
        try store.close()
    }

    @Test func aNewFileIsForItsOwnerAlone() throws {
        let (store, notice) = try SQLiteHistory.open(path: directory.file, now: .day(1))
        #expect(notice == nil)
        _ = try store.monitoredSince("shop", now: .day(1))
        for name in try directory.names() {
            #expect(HistoryDirectory.mode(of: directory.path + "/" + name) == 0o600, "\(name)")
        }
        #expect(try directory.names().contains("history.sqlite-wal"))
    }

    @Test func aFileThatOthersCouldReadIsClosedToThem() throws {
        try fill(1)
        chmod(directory.file, 0o644)
        try directory.open().close()
        #expect(HistoryDirectory.mode(of: directory.file) == 0o600)
    }

    @Test func verdictsAreSyncedAndSamplesAreNot() throws {
        let store = try directory.open()
        let synchronous = { try store.writing($0) { try Int.fetchOne($0, sql: "PRAGMA synchronous") } }
        // 2 is FULL, 1 is NORMAL: https://www.sqlite.org/pragma.html#pragma_synchronous
        #expect(try synchronous(.synced) == 2)
        #expect(try synchronous(.soon) == 1)
        #expect(try synchronous(.synced) == 2)
        #expect(try store.reading { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
        #expect(try store.writing { try Int.fetchOne($0, sql: "PRAGMA foreign_keys") } == 1)
    }

    /// What a killed process leaves: the file and its log, not brought together.
    @Test func whatWasWrittenOutlivesTheProcess() throws {
        let store = try directory.open()
        let run = try store.begin("shop", backup: Sample.backup(1).identity, at: .day(1))
        let done = try store.begin("shop", backup: Sample.backup(2).identity, at: .day(2))
        try store.finish(done, Sample.filled())
        let copy = try HistoryDirectory()
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: directory.file + suffix, toPath: copy.file + suffix)
        }
        let (again, notice) = try SQLiteHistory.open(path: copy.file, now: .day(3))
        #expect(notice == nil)
        #expect(try again.report(done) == Sample.filled())
        #expect(try again.interruptUnfinished(at: .day(3)) == [run])
    }

    static let damages: [(name: String, damage: @Sendable (inout Data) -> Void)] = [
        ("random bytes", { $0 = Data((0..<8192).map { _ in UInt8.random(in: 0...255) }) }),
        ("a text", { $0 = Data("not a database at all\n".utf8) }),
        ("cut in half", { $0 = $0.prefix($0.count / 2) }),
        ("cut within the first page", { $0 = $0.prefix(1000) }),
        ("cut by one byte", { $0 = $0.dropLast() }),
        (
            "a page of zeros in the middle",
            { data in
                let start = data.count / 8192 * 4096
                data.replaceSubrange(start..<start + 4096, with: Data(count: 4096))
            }
        ),
        ("a damaged header", { $0[0] = 0 }),
    ]

    @Test(arguments: damages.indices)
    func aDamagedFileIsSetAsideAndANewOneBegun(_ index: Int) throws {
        try fill()
        var content = try bytes(directory.file)
        Self.damages[index].damage(&content)
        try content.write(to: URL(filePath: directory.file))
        let log = Data("a log".utf8)
        try log.write(to: URL(filePath: directory.file + "-wal"))
        let (store, notice) = try SQLiteHistory.open(path: directory.file, now: .day(3, hour: 1))
        let aside = directory.file + ".corrupt-20261104T010000Z"
        #expect(try #require(notice, "\(Self.damages[index].name)").contains(aside))
        #expect(try bytes(aside) == content)
        #expect(try store.databases() == [])
        #expect(try store.monitoredSince("shop", now: .day(3)) == .day(3))
        #expect(HistoryDirectory.mode(of: directory.file) == 0o600)
        try store.close()
        #expect(try bytes(aside + "-wal") == log)
    }

    @Test func theLogOfADamagedFileGoesWithIt() throws {
        try Data(
            "not a database, and long enough for a header of one hundred bytes, which this text is, if one counts it."
                .utf8
        ).write(to: URL(filePath: directory.file))
        for suffix in ["-wal", "-shm"] { try Data(suffix.utf8).write(to: URL(filePath: directory.file + suffix)) }
        let (store, notice) = try SQLiteHistory.open(path: directory.file, now: .day(0))
        #expect(notice != nil)
        let aside = directory.file + ".corrupt-20261101T000000Z"
        #expect(try bytes(aside + "-wal") == Data("-wal".utf8))
        // The index of the log is SQLite's to make anew, but no old one may stay beside the new file.
        #expect(try directory.names().contains("history.sqlite.corrupt-20261101T000000Z-shm"))
        #expect(try store.databases() == [])
    }

    @Test func whatWasSetAsideIsFoundUntilItIsMovedAway() throws {
        func found() -> HistoryFacts.SetAside? { .newest(beside: directory.file) }
        _ = try SQLiteHistory.open(path: directory.file, now: .day(0))
        #expect(found() == nil)
        for day in [3, 1, 2] {
            for suffix in ["", "-wal"] {
                try Data("damaged \(day)".utf8).write(to: URL(filePath: directory.file + suffix))
            }
            _ = try SQLiteHistory.open(path: directory.file, now: .day(day))
        }
        let newest = HistoryFacts.SetAside(path: directory.file + ".corrupt-20261104T000000Z", at: .day(3))
        #expect(found() == newest)
        // What else is called like that is none.
        try Data().write(to: URL(filePath: directory.file + ".corrupt-20991104T000000Z.txt"))
        #expect(found() == newest)
        unlink(newest.path)
        #expect(found()?.at == .day(2))
        #expect(HistoryFacts.SetAside.newest(beside: "/nonexistent/history.sqlite") == nil)
    }

    @Test func twoDamagedFilesOfOneSecondAreBothKept() throws {
        for text in ["first", "second"] {
            try Data(text.utf8).write(to: URL(filePath: directory.file))
            _ = try SQLiteHistory.open(path: directory.file, now: .day(0))
        }
        let aside = directory.file + ".corrupt-20261101T000000Z"
        #expect(try bytes(aside) == Data("first".utf8))
        #expect(try bytes(aside + "-2") == Data("second".utf8))
    }

    @Test func aFileThatWasCutToNothingIsSetAsideWithItsLog() throws {
        let store = try directory.open()
        _ = try store.monitoredSince("shop", now: .day(0))
        let log = try bytes(directory.file + "-wal")
        let copy = try HistoryDirectory()
        try Data().write(to: URL(filePath: copy.file))
        try log.write(to: URL(filePath: copy.file + "-wal"))
        #expect(try SQLiteHistory.open(path: copy.file, now: .day(0)).notice != nil)
        #expect(try bytes(copy.file + ".corrupt-20261101T000000Z-wal") == log)
        // Without a log it is a file that somebody made for us.
        let other = try HistoryDirectory()
        try Data().write(to: URL(filePath: other.file))
        #expect(try SQLiteHistory.open(path: other.file, now: .day(0)).notice == nil)
    }

    @Test func aNewerSchemaIsRefusedAndNotTouched() throws {
        try fill(2)
        do {
            let queue = try DatabaseQueue(path: directory.file)
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 999") }
            try queue.close()
        }
        let before = try bytes(directory.file)
        let refusal = obstacle { _ = try directory.open() }
        #expect(refusal?.reason == .unreadable)
        #expect(refusal?.message.contains("newer version") == true && refusal?.hint != nil)
        #expect(try bytes(directory.file) == before)
        #expect(try directory.names().filter { $0.contains("corrupt") } == [])
    }

    @Test func theDatabaseOfAnotherProgramIsRefusedAndNotTouched() throws {
        do {
            let queue = try DatabaseQueue(path: directory.file)
            try queue.write { try $0.execute(sql: "CREATE TABLE dashboards (id INTEGER)") }
            try queue.close()
        }
        let before = try bytes(directory.file)
        #expect(obstacle { _ = try directory.open() }?.message.contains("another program") == true)
        #expect(try bytes(directory.file) == before)
    }

    @Test func aFileThatWasOnlyBegunIsUsed() throws {
        do {
            let queue = try DatabaseQueue(path: directory.file)
            try queue.write {
                try $0.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
            }
            try queue.close()
        }
        let (store, notice) = try SQLiteHistory.open(path: directory.file, now: .day(0))
        #expect(notice == nil)
        #expect(try store.monitoredSince("shop", now: .day(0)) == .day(0))
    }

    @Test func onlyOneHoldsAHistory() throws {
        let store = try directory.open()
        let refusal = obstacle { _ = try directory.open() }
        #expect(refusal?.reason == .unreadable)
        #expect(refusal?.message.contains("another process") == true && refusal?.hint?.contains("fuser") == true)
        #expect(try store.databases() == [])
    }

    @Test func theLockHoldsAgainstAnotherProcessAndEndsWithItsOwner() throws {
        // flock(1) of util-linux: 1 when somebody else holds the lock.
        func lockElsewhere() throws -> Int32 {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/flock")
            process.arguments = ["--nonblock", directory.file + ".lock", "true"]
            try process.run()
            process.waitUntilExit()
            return process.terminationStatus
        }
        do {
            let store = try directory.open()
            #expect(try lockElsewhere() == 1)
            #expect(try store.databases() == [])
        }
        #expect(try lockElsewhere() == 0)
        #expect(try directory.open().databases() == [])
    }

    /// A child has copies of all descriptors between fork and exec.
    @Test func aCopyOfItsDescriptorDoesNotKeepItLocked() throws {
        var copy: Int32 = -1
        do {
            let store = try directory.open()
            for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
                guard let number = Int32(name), let target = Self.target(ofDescriptor: number) else { continue }
                if target == directory.file + ".lock" { copy = dup(number) }
            }
            #expect(try store.databases() == [])
        }
        try #require(copy >= 0)
        defer { close(copy) }
        #expect(try directory.open().databases() == [])
    }

    private static func target(ofDescriptor number: Int32) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")
    }

    @Test func aDirectoryThatIsNotThereIsSaid() throws {
        let refusal = obstacle {
            _ = try SQLiteHistory.open(path: directory.path + "/none/history.sqlite", now: .day(0))
        }
        #expect(refusal?.reason == .unreadable)
        #expect(refusal?.message.contains("No such file or directory") == true && refusal?.hint != nil)
    }

    @Test func aDirectoryInPlaceOfTheFileIsSaid() throws {
        try FileManager.default.createDirectory(atPath: directory.file, withIntermediateDirectories: false)
        let refusal = obstacle { _ = try directory.open() }
        #expect(refusal?.reason == .unreadable && refusal?.message.contains("directory") == true)
        #expect(try directory.names() == ["history.sqlite", "history.sqlite.lock"])
    }

    @Test(.enabled(if: geteuid() != 0))
    func aDirectoryThatMayNotBeWrittenToIsSaid() throws {
        chmod(directory.path, 0o500)
        defer { chmod(directory.path, 0o700) }
        let refusal = obstacle { _ = try directory.open() }
        #expect(refusal?.reason == .unreadable && refusal?.message.contains("Permission denied") == true)
    }
}
