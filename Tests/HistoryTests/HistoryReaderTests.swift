import Backups
import Foundation
import GRDB
import Testing

@testable import History

/// A history that somebody else writes, or wrote.
@Suite struct HistoryReaderTests {
    private let directory: HistoryDirectory

    init() throws {
        directory = try HistoryDirectory()
    }

    private var reader: HistoryReader { HistoryReader(path: directory.file) }

    private func add(_ days: ClosedRange<Int>, to store: SQLiteHistory, of database: String = "shop") throws {
        for day in days {
            let run = try store.begin(database, backup: Sample.backup(day).identity, at: .day(day))
            try store.finish(run, Sample.filled())
        }
    }

    /// Opens it, adds runs, closes it and lets go of its lock.
    private func write(_ days: ClosedRange<Int>) throws {
        let store = try directory.open()
        try add(days, to: store)
        try store.close()
    }

    private func count() throws -> Int { try reader.snapshot { try $0.runs(of: ["shop"], limit: 100).count } }

    private func obstacle() -> Obstacle? {
        do {
            _ = try count()
            return nil
        } catch {
            return error as? Obstacle
        }
    }

    @Test func aClosedHistoryIsReadAndNothingIsLeftBeside() throws {
        try write(1...3)
        let before = try (directory.names(), Data(contentsOf: URL(filePath: directory.file)))
        #expect(try count() == 3)
        #expect(try directory.names() == before.0)
        #expect(try Data(contentsOf: URL(filePath: directory.file)) == before.1)
    }

    @Test func itIsReadWhileItIsWritten() throws {
        let store = try directory.open()
        try add(1...2, to: store)
        #expect(try count() == 2)
        // One state of it, whatever is written meanwhile.
        let counts = try reader.snapshot { history in
            let first = try history.runs(of: ["shop"], limit: 100).count
            try add(3...3, to: store)
            return [first, try history.runs(of: ["shop"], limit: 100).count]
        }
        #expect(counts == [2, 2])
        #expect(try count() == 3)
        try add(4...4, to: store)
        #expect(try store.runs(of: "shop", limit: 100).count == 4)
    }

    /// The file and its log, not brought together, and no index.
    @Test func whatAKilledWriterLeftIsRead() throws {
        let store = try directory.open()
        try add(1...2, to: store)
        let copy = try HistoryDirectory()
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: directory.file + suffix, toPath: copy.file + suffix)
        }
        #expect(try HistoryReader(path: copy.file).snapshot { try $0.runs(of: ["shop"], limit: 100).count } == 2)
        for suffix in ["", "-wal"] {
            let (was, now) = (URL(filePath: directory.file + suffix), URL(filePath: copy.file + suffix))
            #expect(try Data(contentsOf: now) == Data(contentsOf: was))
        }
    }

    @Test func aFileThatChangesWhileItIsReadIsReadAgain() throws {
        try write(1...2)
        var calls = 0
        let count = try reader.snapshot { history in
            calls += 1
            if calls == 1 { try write(3...3) }
            return try history.runs(of: ["shop"], limit: 100).count
        }
        #expect(calls == 2)
        #expect(count == 3)
    }

    @Test func runsOfSeveralDatabasesComeTogether() throws {
        let store = try directory.open()
        try add(1...3, to: store)
        try add(1...2, to: store, of: "cut")
        let open = try store.begin("cut", backup: Sample.backup(9).identity, at: .day(9))
        try reader.snapshot { (history) throws in
            #expect(try history.databases() == ["cut", "shop"])
            #expect(try history.runs(of: ["cut", "shop", "none"], limit: 3).map(\.id.rawValue) == [5, 4, 3])
            #expect(try history.runs(of: [], limit: 3).isEmpty)
            #expect(try history.lastRuns(of: "shop").count == 3)
            #expect(try history.lastRuns(of: "none").isEmpty)
            #expect(try history.run(RunID(1)) == .finished(Sample.filled()))
            #expect(try history.run(open) == .unfinished(database: "cut", since: .day(9)))
            #expect(try history.run(RunID(99)) == nil)
        }
    }

    @Test func aHistoryThatIsNotThereIsSaid() throws {
        #expect(!reader.isThere)
        #expect(try #require(obstacle()).message.contains("there is no history at"))
        try Data().write(to: URL(filePath: directory.file))
        #expect(reader.isThere)
        #expect(try #require(obstacle()).message.contains("holds nothing yet"))
    }

    @Test(arguments: [
        ("PRAGMA user_version = 99", "newer version"), ("PRAGMA user_version = 0", "older version"),
        ("PRAGMA application_id = 7", "another program"),
    ])
    func aHistoryOfAnotherIsNotTouched(statement: String, expected: String) throws {
        try write(1...1)
        let queue = try DatabaseQueue(path: directory.file)
        try queue.writeWithoutTransaction { try $0.execute(sql: statement) }
        try queue.close()
        let content = try Data(contentsOf: URL(filePath: directory.file))
        let found = try #require(obstacle())
        #expect(found.reason == .unreadable)
        #expect(found.message.contains(expected))
        #expect(try Data(contentsOf: URL(filePath: directory.file)) == content)
    }

    @Test func aDamagedOneIsLeftToItsOwner() throws {
        for content in [Data("not a database at all\n".utf8), Data((0..<8192).map { UInt8($0 % 251) })] {
            try content.write(to: URL(filePath: directory.file))
            let found = try #require(obstacle())
            #expect(found.message.contains("is damaged"))
            #expect(try Data(contentsOf: URL(filePath: directory.file)) == content)
            #expect(throws: Obstacle.self) {
                _ = try SQLiteHistory.open(path: directory.file, now: .day(1), settingAside: false)
            }
            #expect(try Data(contentsOf: URL(filePath: directory.file)) == content)
            #expect(try directory.names().filter { $0.contains("corrupt") } == [])
        }
    }

    @Test func aPathMayHoldWhatMeansSomethingInAnAddress() throws {
        let path = directory.path + "/a?b#c%20ä.sqlite"
        let (store, _) = try SQLiteHistory.open(path: path, now: .day(0))
        try add(1...1, to: store)
        try store.close()
        #expect(try HistoryReader(path: path).snapshot { try $0.runs(of: ["shop"], limit: 9).count } == 1)
    }
}
