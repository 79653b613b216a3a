import Backups
import Integrity
import PostgreSQL
import Processes
import TestSupport
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

    /// What retention takes while it is read is no fault of the backup.
    @Test(
        arguments: [
            [], ["touch", "base/2"], ["rm", "base/1"], ["rm", "-r", "base"], ["truncate", "-s", "1", "base/1"],
        ] as [[String]])
    func aBaseBackupThatIsTakenAwayIsNotAtFault(change: [String]) throws {
        let directory = try TemporaryDirectory()
        let base = directory.file("base")
        try Tool.run("mkdir", [base])
        for name in ["backup_manifest", "1"] { _ = try directory.write("what it holds", to: "base/\(name)") }
        let place = BaseBackupPlace.directory(base)
        let seen = try place.sighting(Cancellation())
        var ledger = ledger()
        ledger.evidence.checks = [
            .failed("files", in: .integrity, .missingFile, "1 is missing"), .verified("other", in: .integrity, "well"),
        ]
        if let program = change.first {
            try Tool.run(program, change.dropFirst().map { $0.hasPrefix("base") ? directory.file($0) : $0 })
        }
        ledger.excuse(place, seen: seen, Cancellation())
        // What is there besides takes nothing away.
        let isWhole = change.isEmpty || change[0] == "touch"
        #expect(ledger.evidence.checks[0].reason == (isWhole ? .missingFile : .vanished))
        #expect(ledger.hasFailed == isWhole && ledger.evidence.checks[1].verdict == .verified)
        // Of what could not be listed before nobody can tell that it is another one.
        ledger.evidence.checks = [.failed("files", in: .integrity, .missingFile, "1 is missing")]
        ledger.excuse(place, seen: nil, Cancellation())
        #expect(ledger.hasFailed)
    }

    /// What a configuration says of all backups, and what a base backup has no use for, is told.
    @Test func whatMeansNothingForAClusterIsTold() {
        var request = VerificationRequest(backup: "/b/base")
        #expect(request.notesOfCluster == [])
        request.globals = "/b/globals.sql"
        request.restore.ignoredExtensions = ["postgis"]
        #expect(request.notesOfCluster.count == 2 && request.notesOfCluster[0].contains("globals were not used"))
        #expect(request.notesOfCluster[1].contains("extensions.ignore"))
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
