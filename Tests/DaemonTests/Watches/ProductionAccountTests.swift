import Backups
import PostgreSQL
import Testing

@testable import Daemon

@Suite struct ProductionAccountTests {
    private static let refused = Obstacle(.connectionFailed, "can't connect to db: refused", hint: "look")

    private static func reading() throws -> ProductionReading {
        ProductionReading(
            takenAt: Timestamp(seconds: 5), archiveMode: .off,
            segmentSize: try #require(WALSegmentSize(bytes: 16 << 20)),
            position: nil, databaseBytes: 8_000_000)
    }

    @Test func keepsWhatWasKnownWhileItIsDown() throws {
        var account = ProductionAccount()
        account.measure(DiskFacts(usedBytes: 1, capacityBytes: 2))
        _ = account.answer(try Self.reading(), gaps: [], at: Timestamp(seconds: 10))
        #expect(account.facts.isUp)
        _ = account.fail(Self.refused)
        #expect(
            account.facts
                == ProductionFacts(
                    isUp: false, problem: "can't connect to db: refused", sampledAt: Timestamp(seconds: 10),
                    databaseBytes: 8_000_000, disk: DiskFacts(usedBytes: 1, capacityBytes: 2)))
        _ = account.answer(try Self.reading(), gaps: [], at: Timestamp(seconds: 20))
        #expect(account.facts.isUp)
        #expect(account.facts.problem == nil)
        #expect(account.facts.sampledAt == Timestamp(seconds: 20))
    }

    @Test func knowsNothingBeforeTheFirstAnswer() {
        var account = ProductionAccount()
        _ = account.fail(Self.refused)
        #expect(account.facts == ProductionFacts(isUp: false, problem: "can't connect to db: refused"))
    }

    @Test func aProblemIsOneLine() {
        var account = ProductionAccount()
        let lines = account.fail(Obstacle(.connectionFailed, "lost:\n\tserver closed  the connection\n"))
        #expect(account.facts.problem == "lost: server closed the connection")
        #expect(lines.map(\.text) == ["production can't be watched: lost: server closed the connection"])
    }

    @Test func writesChangesOnly() throws {
        var account = ProductionAccount()
        let reading = try Self.reading()
        let now = Timestamp(seconds: 10)
        var lines: [String] = []
        func note(_ new: [ProductionAccount.Line]) { lines += new.map { "\($0.level): \($0.text)" } }
        note(account.answer(reading, gaps: ["no right"], at: now))
        note(account.answer(reading, gaps: ["no right"], at: now))
        note(account.fail(Self.refused))
        note(account.fail(Self.refused))
        note(account.fail(Obstacle(.connectionFailed, "starting up")))
        note(account.answer(reading, gaps: ["no right"], at: now))
        note(account.answer(reading, gaps: [], at: now))
        note(account.answer(reading, gaps: ["no right"], at: now))
        #expect(
            lines == [
                "info: production answers", "warning: no right",
                "warning: production can't be watched: can't connect to db: refused; look",
                "warning: production can't be watched: starting up", "notice: production answers again",
                "warning: no right",
            ])
    }
}
