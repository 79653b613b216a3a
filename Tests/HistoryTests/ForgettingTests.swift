import Backups
import GRDB
import Testing

@testable import History

/// Another process asks for what only the one that holds the history may do.
@Suite struct ForgettingTests {
    private let directory: HistoryDirectory

    init() throws {
        directory = try HistoryDirectory()
    }

    @Test func aVisitorAsksAndIsAnswered() throws {
        let store = try directory.open()
        _ = try store.noteDiscovered(["a", "b"], by: "{database}", at: .day(1))
        try store.noteBackups("a", [Sample.backup(1), Sample.backup(2)], at: .day(2))
        let run = try store.begin("a", backup: Sample.backup(1).identity, at: .day(2))
        try store.finish(run, Sample.report(Sample.backup(1), .verified, at: .day(2)))
        #expect(SQLiteHistory.isOpen(path: directory.file))

        let visitor = try HistoryVisitor(path: directory.file)
        let holdings = HistoryHoldings(runs: 1, backups: 2, samples: 0, monitoredSince: .day(1))
        #expect(try visitor.holdings(of: "a") == holdings)
        #expect(try store.holdings(of: "a") == holdings)
        #expect(try visitor.holdings(of: "nobody") == nil)
        try visitor.ask(toForget: "b", at: .day(3))
        try visitor.ask(toForget: "a", at: .day(4))
        #expect(try store.forgetRequests() == ["b", "a"])
        #expect(try visitor.answer(of: "a") == .pending)

        try store.forget("a")
        try store.refuseToForget("b", "it has backups")
        #expect(try visitor.answer(of: "a") == .forgotten)
        #expect(try visitor.answer(of: "b") == .refused("it has backups"))
        #expect(try visitor.holdings(of: "a") == nil)
        #expect(try store.forgetRequests() == [])
        // Asked again, it is a new question.
        try visitor.ask(toForget: "b", at: .day(5))
        #expect(try store.forgetRequests() == ["b"])
        try visitor.withdraw("b")
        #expect(try store.forgetRequests() == [])
        #expect(try store.databases() == ["b"])
    }

    @Test func whatIsNoHistoryIsNotVisited() throws {
        #expect(throws: Obstacle.self) { try HistoryVisitor(path: directory.file) }
        #expect(!SQLiteHistory.isOpen(path: directory.file))
        let other = try DatabaseQueue(path: directory.path + "/other.sqlite")
        try other.write { try $0.execute(sql: "CREATE TABLE dashboards (id INTEGER)") }
        #expect(throws: Obstacle.self) { try HistoryVisitor(path: directory.path + "/other.sqlite") }
    }

    @Test func aHistoryOfTheFirstSchemaKeepsAllItHas() throws {
        do {
            let queue = try DatabaseQueue(path: directory.file)
            try HistorySchema.migrator.migrate(queue, upTo: "1")
            try queue.write {
                try $0.execute(sql: "INSERT INTO databases (name, monitored_since) VALUES ('shop', 7)")
            }
            try queue.close()
        }
        let (store, notice) = try SQLiteHistory.open(path: directory.file, now: .day(1))
        #expect(notice == nil)
        #expect(try store.monitoredSince("shop", now: .day(1)) == Timestamp(microseconds: 7))
        #expect(try store.discovered() == [])
        #expect(
            try store.noteDiscovered(["shop"], by: "{database}", at: .day(2)) == ["shop": Timestamp(microseconds: 7)])
    }
}
