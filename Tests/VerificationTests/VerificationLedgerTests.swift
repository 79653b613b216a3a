import Backups
import Integrity
import PostgreSQL
import Testing

@testable import Verification

@Suite struct VerificationLedgerTests {
    private func ledger() -> VerificationLedger {
        VerificationLedger(
            VerificationRequest(backup: "/a/b.sql"), startedAt: Timestamp(seconds: 0), planned: [.integrity])
    }

    @Test(arguments: [
        ("/a/b/c.sql", "/a/b", "c.sql"), ("c.sql", ".", "c.sql"), ("/c", "/", "c"), ("d/", ".", "d"),
        ("a/d/", "a", "d"),
        ("-", "-", "-"),
    ])
    func splitsPaths(path: String, location: String, name: String) {
        let facts = BackupFacts(path: path)
        #expect(facts.location == location)
        #expect(facts.name == name)
    }

    @Test func onlyDamageIsTheBackupsFault() {
        let damage = ContentDamage("gzip", .truncated, "cut")
        let server = PostgreSQLError(severity: "ERROR", sqlstate: "42501", message: "no")
        #expect(Check(damage, in: .integrity).verdict == .failed)
        #expect(Check(damage, in: .integrity).name == "gzip")
        #expect(Check(Obstacle(.diskFull, "full"), in: .restore).verdict == .inconclusive)
        #expect(Check(server, in: .rows).verdict == .inconclusive)
        #expect(Check(CancellationError(), in: .rows).reason == .internalError)
    }

    @Test func anErrorEndsTheRunAndIsKept() {
        var ledger = ledger()
        let value: Int? = ledger.perform(.integrity) { _ in throw Obstacle(.unreadable, "no") }
        #expect(value == nil)
        let report = ledger.report(finishedAt: Timestamp(seconds: 1))
        #expect(report.conclusion.verdict == .inconclusive)
        #expect(report.conclusion.reason == .unreadable)
        #expect(report.stages.map(\.stage) == [.integrity])
    }

    @Test func timesOfAStageAddUp() {
        var ledger = ledger()
        _ = ledger.perform(.rows, bytes: { $0 }) { _ in UInt64(7) }
        _ = ledger.perform(.rows) { _ in 1 }
        let report = ledger.report(finishedAt: Timestamp(seconds: 1))
        #expect(report.stages.count == 1)
        #expect(report.stages.first?.bytes == 7)
    }
}
