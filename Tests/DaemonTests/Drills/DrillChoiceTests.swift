import Backups
import Settings
import TestSupport
import Testing

@testable import Daemon

/// Which base backup a drill takes, and how far it recovers.
@Suite struct DrillChoiceTests {
    private static func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: 1_800_000_000 + seconds) }

    private static func base(_ name: String, _ seconds: Int64) -> CatalogBackup {
        let time = at(seconds)
        return CatalogBackup(
            identity: BackupIdentity(path: "/b/\(name)", sizeBytes: 5, modified: time), completedAt: time)
    }

    private let bases = [base("old", 100), base("middle", 200), base("new", 300)]

    private func choose(
        _ target: String, _ window: WALArchiveReport.Window? = nil, of bases: [CatalogBackup]? = nil, seed: UInt64 = 1
    ) throws -> DrillChoice {
        var generator = SeededGenerator(seed: seed)
        let archive = window.map { WALArchiveFacts(isUp: true, window: $0) }
        return try DrillChoice.choose(
            try DrillSettings.Target(target), among: bases ?? self.bases, in: archive, using: &generator)
    }

    private func reason(_ target: String, of bases: [CatalogBackup]? = nil) -> Reason? {
        do {
            _ = try choose(target, of: bases)
            return nil
        } catch {
            return (error as? Obstacle)?.reason
        }
    }

    @Test(arguments: ["latest", "immediate", "lsn:0/3000000", "xid:700", "name:before"])
    func theNewestIsTakenWhereNothingTellsWhereTheTargetLies(target: String) throws {
        let choice = try choose(target)
        #expect(choice.base.identity.name == "new" && "\(choice.target)" == target && choice.note == nil)
        #expect(reason(target, of: []) == .noBackup)
    }

    @Test func ofATimeTheNewestThatWasFinishedBefore() throws {
        for (seconds, name) in [(100, "old"), (199, "old"), (200, "middle"), (299, "middle"), (900, "new")]
            as [(Int64, String)]
        {
            let choice = try choose("\(Self.at(seconds))")
            #expect(choice.base.identity.name == name && choice.target == .time(Self.at(seconds)))
        }
        #expect(reason("\(Self.at(99))") == .targetNotReached)
    }

    /// Every point lies in the window and behind the base backup that is taken, and all parts of the window are come to.
    @Test func aRandomPointLiesInTheWindowAndBehindItsBase() throws {
        let window = WALArchiveReport.Window(start: Self.at(150), newestCommit: Self.at(400))
        var taken: [String: Int] = [:]
        var points: Set<Timestamp> = []
        for seed in 1...200 {
            let choice = try choose("random", window, seed: UInt64(seed))
            guard case .time(let point) = choice.target else {
                Issue.record("\(choice.target) is no time")
                return
            }
            // The oldest that nothing is missing from on is the one of 200.
            #expect(point >= Self.at(200) && point < Self.at(400) && choice.base.completedAt <= point)
            #expect(choice.base == bases.last { $0.completedAt <= point } && choice.note == nil)
            taken[choice.base.identity.name, default: 0] += 1
            points.insert(point)
        }
        #expect(taken.keys.sorted() == ["middle", "new"] && points.count > 190)
        #expect(taken.values.allSatisfy { $0 > 50 })
    }

    /// A promotion left the branch that the newest base backup is of: recovery from it would not come to where the archive goes on.
    @Test(arguments: ["random", "latest", "xid:7", "\(at(310))"], [true, false])
    func aBaseBackupOfABranchThatWasLeftIsPassedOver(target: String, byPath: Bool) throws {
        func known(_ base: CatalogBackup, leadsOn: Bool, isComplete: Bool = true) -> WALArchiveFacts.Base {
            // Notes in the archive have a path of their own, and the server's own word for the end.
            WALArchiveFacts.Base(
                path: byPath ? base.identity.path : "000000010000000000000003.00000028.backup",
                stoppedAt: Timestamp(microseconds: base.completedAt.microseconds - 2_500_000), isComplete: isComplete,
                leadsOn: leadsOn)
        }
        func choose(_ known: [WALArchiveFacts.Base]) throws -> String {
            var generator = SeededGenerator(seed: 3)
            var archive = WALArchiveFacts(
                isUp: true, window: .init(start: Self.at(100), newestCommit: Self.at(400)))
            archive.bases = known
            return try DrillChoice.choose(
                try DrillSettings.Target(target), among: [bases[0], bases[2]], in: archive, using: &generator
            ).base.identity.name
        }
        #expect(try choose([known(bases[0], leadsOn: true), known(bases[2], leadsOn: false)]) == "old")
        #expect(try choose([known(bases[0], leadsOn: false), known(bases[2], leadsOn: true)]) == "new")
        // What a drill shows of one that can't be made consistent is worth knowing; no point of the window lies behind it.
        let incomplete = try choose([known(bases[0], leadsOn: true), known(bases[2], leadsOn: true, isComplete: false)])
        #expect(incomplete == (target == "random" ? "old" : "new"))
        // Where none leads on a drill tells why.
        #expect(throws: Never.self) { try choose([known(bases[0], leadsOn: false), known(bases[2], leadsOn: false)]) }
    }

    /// A copy was promoted into production's archive: production's own base backups are of the older timeline then.
    @Test func aBaseBackupOfATimelineThatGoesOnIsTaken() throws {
        func report(rivals: [UInt32]) -> WALArchiveReport {
            var report = WALArchiveReport(location: "/wal")
            report.bases = zip(bases, [2, 1, 1] as [UInt32]).map { base, target in
                var known = WALArchiveReport.Base(
                    path: base.identity.path, timeline: 1, start: "0/5000028", state: .complete)
                known.targetTimeline = target
                return known
            }
            report.rivalTimelines = rivals
            return report
        }
        func choose(rivals: [UInt32]) throws -> String {
            var generator = SeededGenerator(seed: 3)
            return try DrillChoice.choose(
                .fixed(.latest), among: bases, in: WALArchiveFacts(report(rivals: rivals), at: Self.at(400)),
                using: &generator
            ).base.identity.name
        }
        #expect(try choose(rivals: []) == "old")
        #expect(try choose(rivals: [1]) == "new")
    }

    /// Servers tell the end of a base backup to the second.
    @Test func theEndOfABaseBackupIsComparedToTheSecond() throws {
        let start = Timestamp(microseconds: Self.at(200).microseconds + 900_000)
        let choice = try choose("random", .init(start: start, newestCommit: Self.at(250)))
        #expect(choice.base.identity.name == "middle")
    }

    /// A gap leaves no window: the end of the archive is what shows it.
    @Test func withoutAWindowItRecoversToTheEnd() throws {
        let windows: [WALArchiveReport.Window?] = [
            nil, .init(), .init(newestCommit: Self.at(400)), .init(start: Self.at(150)),
            // Every base backup is older than the window; and nothing was committed since the newest.
            .init(start: Self.at(350), newestCommit: Self.at(400)),
            .init(start: Self.at(300), newestCommit: Self.at(300)),
        ]
        for window in windows {
            let choice = try choose("random", window)
            #expect(choice.base.identity.name == "new" && choice.target == .latest)
            #expect(choice.note?.contains("no window to choose a point from") == true)
        }
        let unknown = try choose("random", .init(unknown: "pg_waldump is missing"))
        #expect(unknown.note?.contains("pg_waldump is missing") == true)
    }

    /// The end of a base backup can be recovered to, and no time between it and the newest commit is seen to be reached.
    @Test func anIdleServerIsRecoveredToTheEnd() throws {
        let window = WALArchiveReport.Window(start: Self.at(150), end: Self.at(900), newestCommit: Self.at(120))
        let choice = try choose("random", window)
        #expect(choice.target == .latest && choice.note?.contains("nothing was committed") == true)
    }

    /// Another point may lie beyond what is broken.
    @Test func whatFailedIsDrilledAgainUntilItPasses() {
        func record(_ status: Verdict, base: String) -> DrillRecord {
            var record = DrillRecord()
            record.status = status
            record.deciding = PastDrill(
                run: nil, base: base, verdict: status, reason: .corrupt, message: "", hint: nil, startedAt: Self.at(0),
                finishedAt: Self.at(1), recoverySeconds: nil, rpo: nil, rto: nil,
                facts: DrillFacts(target: "\(RecoveryTarget.time(Self.at(150)))", archive: "/wal"))
            return record
        }
        let again = DrillChoice.again(record(.failed, base: "old"), among: bases, in: nil)
        #expect(again?.base.identity.name == "old" && again?.target == .time(Self.at(150)) && again?.note != nil)
        #expect(DrillChoice.again(record(.verified, base: "old"), among: bases, in: nil) == nil)
        #expect(DrillChoice.again(record(.inconclusive, base: "old"), among: bases, in: nil) == nil)
        // A promotion left the branch that it leads to: nobody would go back there, and nobody could.
        var archive = WALArchiveFacts(isUp: true)
        archive.bases = [.init(path: bases[0].identity.path, stoppedAt: nil, isComplete: true, leadsOn: false)]
        #expect(DrillChoice.again(record(.failed, base: "old"), among: bases, in: archive) == nil)
        // It is gone, and what it needed with it.
        #expect(DrillChoice.again(record(.failed, base: "removed"), among: bases, in: nil) == nil)
    }
    /// Each base backup has a directory of its own, and all have one name: only one before the time comes back to it.
    @Test func whatFailedIsDrilledAgainFromABaseBackupBeforeIt() {
        let named = bases.map { base in
            var base = base
            base.identity.path = "\(base.identity.path)/data"
            return base
        }
        func again(to target: String) -> DrillChoice? {
            var record = DrillRecord()
            record.status = .failed
            record.deciding = PastDrill(
                run: nil, base: "data", verdict: .failed, reason: .corrupt, message: "", hint: nil,
                startedAt: Self.at(0),
                finishedAt: Self.at(1), recoverySeconds: nil, rpo: nil, rto: nil,
                facts: DrillFacts(target: target, archive: "/wal"))
            return DrillChoice.again(record, among: named, in: nil)
        }
        #expect(again(to: "\(RecoveryTarget.time(Self.at(250)))")?.base.identity.path == named[1].identity.path)
        #expect(again(to: "\(RecoveryTarget.time(Self.at(50)))") == nil)
        #expect(again(to: "latest")?.base.identity.path == named[2].identity.path)
    }
}
