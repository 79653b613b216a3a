import Backups
import Testing

@testable import Scheduling

/// Drills beside verifications: plans of their own, and never at the same time.
@Suite struct SchedulerDrillTests {
    private static let beginning = Timestamp("2026-11-20T00:00:00Z") ?? Timestamp(seconds: 0)

    private func database(
        _ name: String = "shop", verify: VerificationSchedule.Trigger = .every(.seconds(30 * 86_400)),
        drill: String = "0 5 * * *", change: (inout VerificationSchedule) -> Void = { _ in }, last: [RunSummary] = []
    ) throws -> ScheduledDatabase {
        var schedule = VerificationSchedule(verify, jitter: .zero)
        change(&schedule)
        var drills = schedule
        drills.trigger = .cron(try CronExpression(drill))
        return ScheduledDatabase(
            name: name, schedule: schedule, monitoredSince: Self.beginning,
            drill: ScheduledDrill(schedule: drills, since: Self.beginning, last: last))
    }

    private func simulation(
        _ databases: [ScheduledDatabase], cap: Int = 4, isArchiveThere: Bool = true, at start: Timestamp = beginning
    ) -> Simulation {
        var simulation = Simulation(databases, cap: cap, at: start)
        for database in databases {
            simulation.see(["a"], of: database.name)
            if isArchiveThere { simulation.scheduler.setArchive(nil, of: database.name) }
        }
        return simulation
    }

    private static func last(_ verdict: Verdict, _ reason: Reason? = nil, hour: Int64) -> RunSummary {
        let start = beginning.adding(seconds: hour * 3600)
        return RunSummary(
            id: RunID(1), database: "shop", backup: Simulation.base, dataAsOf: nil, verdict: verdict, reason: reason,
            message: "m", hint: nil, proof: .none, startedAt: start, finishedAt: start.adding(seconds: 60),
            restoreSeconds: nil, target: "latest")
    }

    @Test func bothComeByTheirOwnSchedules() throws {
        var simulation = simulation([try database(verify: .cron(try CronExpression("0 4 * * 6")))])
        simulation.advance(hours: 72)
        #expect(simulation.drills() == ["2026-11-20T05:00:00Z", "2026-11-21T05:00:00Z", "2026-11-22T05:00:00Z"])
        #expect(simulation.runs.filter { !$0.isDrill }.map(\.start.description) == ["2026-11-21T04:00:00Z"])
        #expect(simulation.violations == [])
    }

    @Test func neverBesideAVerificationOfTheSameDatabase() throws {
        var simulation = simulation([
            try database(verify: .cron(try CronExpression("0 5 * * *"))), try database("other"),
        ])
        simulation.runSeconds = { $0.isDrill ? 60 : 1800 }
        simulation.advance(to: Self.beginning.adding(seconds: 5 * 3600 + 60))
        // The verification came first; the drill of another database does not wait for it.
        #expect(simulation.drills(of: "other") == ["2026-11-20T05:00:00Z"] && simulation.drills() == [])
        #expect(simulation.scheduler.hindrance(of: "shop", .drill) == .otherTurn(isDrill: false))
        simulation.advance(hours: 1)
        #expect(simulation.drills() == ["2026-11-20T05:30:00Z"] && simulation.violations == [])
        #expect(simulation.scheduler.hindrance(of: "shop", .drill) == nil)
    }

    @Test func theCapCountsBoth() throws {
        let names = ["a", "b", "c"]
        var simulation = simulation(try names.map { try database($0) }, cap: 1)
        simulation.runSeconds = { _ in 600 }
        simulation.advance(hours: 7)
        #expect(simulation.mostAtOnce == 1 && simulation.violations == [])
        #expect(
            names.map { simulation.drills(of: $0).first } == [
                "2026-11-20T05:00:00Z", "2026-11-20T05:10:00Z", "2026-11-20T05:20:00Z",
            ])
    }

    @Test func windowAndSuspensionHold() throws {
        var open = simulation([try database()])
        open.advance(hours: 24)
        #expect(open.drills() == ["2026-11-20T05:00:00Z"])
        var windowed = simulation([try database(change: { $0.window = try? DailyWindow("22:00-23:00") })])
        windowed.advance(hours: 24)
        #expect(windowed.drills() == ["2026-11-20T22:01:00Z"])
        var suspended = simulation([try database(change: { $0.isSuspended = true })])
        suspended.advance(hours: 24)
        #expect(suspended.runs == [] && suspended.scheduler.nextRun(of: "shop", .drill) == nil)
        #expect(suspended.scheduler.hindrance(of: "shop", .drill) == .suspended)
    }

    @Test func whatWasMissedComesOnce() throws {
        var simulation = simulation([try database()])
        simulation.advance(hours: 6)
        simulation.setClock(Self.beginning.adding(seconds: 10 * 86_400 + 7200))
        simulation.advance(hours: 2)
        #expect(simulation.drills() == ["2026-11-20T05:00:00Z", "2026-11-30T02:00:00Z"])
    }

    /// The history tells a restarted daemon when the last one was.
    @Test func aRestartRepeatsNothing() throws {
        let start = Self.beginning.adding(seconds: 10 * 3600)
        var fresh = simulation([try database()], at: start)
        fresh.advance(hours: 1)
        // The verification that is due comes first.
        #expect(fresh.drills() == ["2026-11-20T10:01:00Z"])
        var known = simulation([try database(last: [Self.last(.failed, hour: 5)])], at: start)
        known.advance(hours: 20)
        #expect(known.drills() == ["2026-11-21T05:00:00Z"])
        // One that could not be made is tried again.
        var undecided = simulation([try database(last: [Self.last(.inconclusive, .diskFull, hour: 5)])], at: start)
        undecided.advance(hours: 1)
        #expect(undecided.drills() == ["2026-11-20T10:01:00Z"])
    }

    /// A drill that takes the daemon down with it is cut off by each start, and must not be made at each.
    @Test func interruptedDrillsCountAsTries() throws {
        var starts: [String] = []
        var last: [RunSummary] = []
        var now = Self.beginning.adding(seconds: 5 * 3600)
        while starts.count < 7 {
            var life = simulation([try database(last: Array(last.prefix(ScheduledDrill.remembered)))], at: now)
            life.outcome = { run, _ in run.isDrill ? (.inconclusive, .interrupted) : (.verified, nil) }
            life.advance(hours: 25)
            guard let first = life.runs.first(where: \.isDrill) else { break }
            starts.append(first.start.description)
            // It is killed at once, and started again.
            now = first.start.adding(seconds: 60)
            var run = Self.last(.inconclusive, .interrupted, hour: 0)
            (run.startedAt, run.finishedAt) = (first.start, now)
            last.insert(run, at: 0)
        }
        #expect(
            starts == [
                // The verification that is due comes first.
                "2026-11-20T05:01:00Z", "2026-11-20T05:12:00Z", "2026-11-20T05:33:00Z", "2026-11-20T06:14:00Z",
                "2026-11-20T07:35:00Z", "2026-11-20T10:16:00Z", "2026-11-20T15:37:00Z",
            ])
    }

    @Test func oneThatCouldNotBeMadeIsTriedAgainAndOneThatFailedIsNot() throws {
        var simulation = simulation([try database()])
        simulation.outcome = { _, _ in (.inconclusive, .targetNotReached) }
        simulation.advance(hours: 6)
        #expect(simulation.drills() == ["2026-11-20T05:00:00Z", "2026-11-20T05:11:00Z", "2026-11-20T05:32:00Z"])
        var failing = self.simulation([try database()])
        failing.outcome = { _, _ in (.failed, .walGap) }
        failing.advance(hours: 6)
        #expect(failing.drills() == ["2026-11-20T05:00:00Z"])
    }

    @Test func theArchiveIsWaitedFor() throws {
        var simulation = simulation([try database()], isArchiveThere: false)
        simulation.advance(hours: 6)
        #expect(simulation.drills() == [])
        #expect(simulation.scheduler.hindrance(of: "shop", .drill) == .archiveUnknown)
        simulation.scheduler.setArchive(.archiveDown(problem: "gone"), of: "shop")
        simulation.act()
        #expect(simulation.drills() == [])
        #expect(simulation.scheduler.hindrance(of: "shop", .drill) == .archiveDown(problem: "gone"))
        simulation.scheduler.setArchive(nil, of: "shop")
        simulation.act()
        #expect(simulation.drills() == ["2026-11-20T06:00:00Z"])
        // Verifications need no archive.
        #expect(simulation.runs.contains { !$0.isDrill })
    }

    @Test(arguments: RunKind.allCases)
    func whatIsRequestedStartsAtOnce(kind: RunKind) throws {
        var simulation = simulation([try database(change: { $0.isSuspended = true })])
        simulation.advance(hours: 4)
        #expect(simulation.runs == [])
        simulation.scheduler.request("shop", kind, at: simulation.now)
        simulation.act()
        #expect(simulation.runs.map(\.isDrill) == [kind == .drill] && simulation.scheduler.running("shop") == kind)
        simulation.advance(hours: 4)
        #expect(simulation.runs.count == 1)
        var plain = try database()
        plain.drill = nil
        simulation.scheduler.configure([plain], at: simulation.now)
        let isKnown = simulation.scheduler.request("shop", .drill, at: simulation.now)
        #expect(!isKnown)
    }

    /// Who asks for a verification while a drill runs gets it when that has ended, before all that is due by schedule.
    @Test(arguments: RunKind.allCases)
    func whatIsRequestedWhileTheOtherRunsComesNext(kind: RunKind) throws {
        var simulation = simulation([try database(change: { $0.isSuspended = true })])
        simulation.runSeconds = { _ in 600 }
        simulation.scheduler.request("shop", kind == .drill ? .verification : .drill, at: simulation.now)
        simulation.act()
        simulation.scheduler.request("shop", kind, at: simulation.now)
        simulation.act()
        #expect(simulation.runs.count == 1)
        #expect(simulation.scheduler.hindrance(of: "shop", kind) == .otherTurn(isDrill: kind == .verification))
        simulation.advance(hours: 1)
        #expect(simulation.runs.map(\.isDrill) == [kind == .verification, kind == .drill])
        #expect(simulation.starts == ["2026-11-20T00:00:00Z", "2026-11-20T00:10:00Z"] && simulation.violations == [])
    }

    /// Who asks again does not go to the end of the queue.
    @Test func whatIsRequestedTwiceKeepsItsPlace() throws {
        var simulation = simulation(try ["a", "b", "c"].map { try database($0) }, cap: 1)
        simulation.runSeconds = { _ in 600 }
        simulation.scheduler.request("c", .drill, at: simulation.now)
        simulation.act()
        for name in ["a", "b", "a"] {
            simulation.setClock(simulation.now.adding(seconds: 1))
            simulation.scheduler.request(name, .drill, at: simulation.now)
        }
        simulation.advance(hours: 1)
        #expect(simulation.runs.filter(\.isDrill).map(\.database) == ["c", "a", "b"])
    }

    /// A drill that is configured while the daemon runs is not found to have been missed; one that goes is forgotten.
    @Test func aReloadBringsAndTakes() throws {
        var plain = try database()
        plain.drill = nil
        var simulation = simulation([plain])
        simulation.advance(hours: 8)
        #expect(simulation.drills() == [])
        var drilled = try database()
        drilled.drill?.since = simulation.now
        simulation.scheduler.configure([drilled], at: simulation.now)
        simulation.scheduler.setArchive(nil, of: "shop")
        simulation.advance(hours: 24)
        #expect(simulation.drills() == ["2026-11-21T05:00:00Z"])
        simulation.scheduler.configure([plain], at: simulation.now)
        simulation.advance(hours: 48)
        #expect(simulation.drills().count == 1 && simulation.scheduler.nextRun(of: "shop", .drill) == nil)
    }
}
