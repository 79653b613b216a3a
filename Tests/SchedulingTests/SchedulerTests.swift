import Backups
import Testing

@testable import Scheduling

@Suite struct SchedulerTests {
    private func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(text)) }

    private func cron(_ text: String, _ zone: String = "UTC", window: String? = nil) throws -> VerificationSchedule {
        VerificationSchedule(
            .cron(try CronExpression(text)), zone: try TimeZoneRules(named: zone),
            window: try window.map { try DailyWindow($0) }, jitter: .zero)
    }

    private func every(_ hours: Int64, window: String? = nil) throws -> VerificationSchedule {
        VerificationSchedule(
            .every(.seconds(hours * 3600)), window: try window.map { try DailyWindow($0) }, jitter: .zero)
    }

    @Test(
        arguments: [
            ("2026-03-27T12:00:00Z", ["2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]),
            ("2026-10-23T12:00:00Z", ["2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]),
        ])
    func eachNightOnceWhenClocksAreSet(start: String, expected: [String]) throws {
        var simulation = Simulation(try cron("30 2 * * *", "Europe/Berlin"), at: try moment(start))
        simulation.advance(hours: 72)
        #expect(simulation.starts == expected)
        #expect(simulation.scheduler.nextRun(of: "shop")?.description.hasSuffix(expected[2].suffix(10)) == true)
    }

    @Test func withoutAScheduleEverySevenDays() throws {
        #expect(try VerificationSchedule.trigger(schedule: nil, verifyEvery: nil) == .every(.seconds(604_800)))
        var simulation = Simulation(VerificationSchedule(jitter: .zero), at: try moment("2026-11-01T00:00:00Z"))
        simulation.advance(hours: 15 * 24)
        #expect(simulation.starts == ["2026-11-01T00:00:00Z", "2026-11-08T00:00:00Z", "2026-11-15T00:00:00Z"])
        #expect(simulation.scheduler.nextRun(of: "shop")?.description == "2026-11-22T00:00:00Z")
    }

    @Test func missedTurnsAreMadeUpForOnce() throws {
        var simulation = Simulation(try cron("0 4 * * *"), at: try moment("2026-11-01T00:00:00Z"))
        simulation.advance(hours: 5)
        simulation.setClock(try moment("2026-11-11T09:00:00Z"))
        simulation.advance(hours: 20)
        #expect(simulation.starts == ["2026-11-01T04:00:00Z", "2026-11-11T09:00:00Z", "2026-11-12T04:00:00Z"])
    }

    @Test func missedTurnsAreMadeUpForAfterARestart() throws {
        let start = try moment("2026-11-11T09:00:00Z")
        let backup = Simulation.backup("a", 0)
        let schedule = try cron("0 4 * * *")
        for (last, expected) in [("2026-11-09T04:00:00Z", 1), ("2026-11-11T04:00:00Z", 0)] {
            let database = ScheduledDatabase(
                name: "shop", schedule: schedule, monitoredSince: try moment("2026-01-01T00:00:00Z"),
                lastRuns: [backup.identity: Self.run(of: backup, .verified, at: try moment(last))])
            var simulation = Simulation([database], at: start)
            simulation.see(["a"])
            simulation.advance(hours: 1)
            #expect(simulation.runs.count == expected)
        }
    }

    @Test func noMoreRunsThanTheCapAndTheLongestDueFirst() throws {
        let start = try moment("2026-11-01T00:00:00Z")
        let databases = try (0..<9).map { index in
            ScheduledDatabase(
                name: "db\(index)", schedule: try every(24), monitoredSince: start.adding(seconds: Int64(-index)))
        }
        var simulation = Simulation(databases, cap: 2, at: start)
        for database in databases { simulation.see(["a"], of: database.name) }
        simulation.runSeconds = { _ in 3600 }
        simulation.act()
        #expect(simulation.scheduler.hindrance(of: "db0") == .cap(2))
        simulation.advance(hours: 6)
        #expect(simulation.violations == [])
        #expect(simulation.mostAtOnce == 2)
        #expect(simulation.runs.map(\.database) == (0..<9).reversed().map { "db\($0)" })
        #expect(simulation.runs.last?.start == start.adding(seconds: 4 * 3600))
    }

    @Test func startsOnlyInAWindowOverMidnight() throws {
        let start = try moment("2026-11-01T08:00:00Z")
        let databases = try (0..<3).map {
            ScheduledDatabase(
                name: "db\($0)", schedule: try cron("0 12 * * *", window: "22:00-06:00"), monitoredSince: start)
        }
        var simulation = Simulation(databases, cap: 1, at: start)
        for database in databases { simulation.see(["a"], of: database.name) }
        simulation.runSeconds = { _ in 5 * 3600 }
        simulation.advance(hours: 8)
        #expect(simulation.runs == [])
        #expect(simulation.scheduler.hindrance(of: "db0") == .window(opens: try moment("2026-11-01T22:00:00Z")))
        #expect(simulation.scheduler.nextRun(of: "db0") == (try moment("2026-11-01T22:00:00Z")))
        simulation.advance(hours: 32)
        #expect(simulation.runs.map(\.database) == ["db0", "db1", "db2"])
        #expect(simulation.starts == ["2026-11-01T22:00:00Z", "2026-11-02T03:00:00Z", "2026-11-02T22:00:00Z"])
    }

    @Test func afterEachBackupAndNotForOneThatIsBeingWritten() throws {
        var simulation = Simulation(
            VerificationSchedule(.afterEachBackup), at: try moment("2026-11-01T00:00:00Z"), backups: [])
        simulation.advance(hours: 1)
        #expect(simulation.runs == [])
        #expect(simulation.scheduler.nextRun(of: "shop") == nil)
        simulation.scheduler.see(CatalogFacts(inProgress: 1), of: "shop", at: simulation.now)
        simulation.advance(hours: 1)
        #expect(simulation.runs == [])
        for names in [["a"], ["a", "b"], ["a", "b"], ["b", "c", "d"]] {
            simulation.see(names)
            simulation.advance(hours: 2)
        }
        #expect(simulation.runs.map { $0.backups.map(\.name) } == [["a"], ["b"], ["d"]])
        #expect(simulation.starts == ["2026-11-01T02:00:00Z", "2026-11-01T04:00:00Z", "2026-11-01T08:00:00Z"])
    }

    @Test func aBackupThatComesDuringARunIsVerifiedNext() throws {
        var simulation = Simulation(VerificationSchedule(.afterEachBackup), at: try moment("2026-11-01T00:00:00Z"))
        simulation.runSeconds = { _ in 7200 }
        simulation.advance(hours: 1)
        simulation.see(["a", "b"])
        simulation.advance(hours: 9)
        #expect(simulation.starts == ["2026-11-01T00:00:00Z", "2026-11-01T02:00:00Z"])
    }

    @Test func withoutAVerdictItIsTriedAgainLaterAndLater() throws {
        var simulation = Simulation(try every(24 * 7), at: try moment("2026-11-01T00:00:00Z"))
        simulation.runSeconds = { _ in 0 }
        simulation.outcome = { _, _ in (.inconclusive, .diskFull) }
        simulation.advance(hours: 24 * 7 - 1)
        let minutes = zip(simulation.runs, simulation.runs.dropFirst()).map { $1.start.seconds(since: $0.start) / 60 }
        #expect(minutes == [10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440, 1440, 1440, 1440])
        simulation.outcome = { _, _ in (.verified, nil) }
        simulation.advance(hours: 24 * 7)
        #expect(simulation.runs.count == 15)
        #expect(simulation.starts.last == "2026-11-08T00:00:00Z")
    }

    @Test(
        arguments: [(.failed, .truncated), (.inconclusive, .encrypted), (.verified, nil), (.inconclusive, .empty)]
            as [(Verdict, Reason?)])
    func whatIsSettledWaitsForItsTurn(verdict: Verdict, reason: Reason?) throws {
        var simulation = Simulation(try every(24), at: try moment("2026-11-01T00:00:00Z"))
        simulation.outcome = { _, _ in (verdict, reason) }
        simulation.advance(hours: 47)
        #expect(simulation.starts == ["2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"])
    }

    @Test func aBackupThatVanishedBeforeItsNextAttemptIsReplaced() throws {
        var simulation = Simulation(try every(24 * 7), at: try moment("2026-11-01T00:00:00Z"))
        simulation.outcome = { run, _ in run.backups[0].name == "a" ? (.inconclusive, .diskFull) : (.verified, nil) }
        simulation.act()
        simulation.see(["b"])
        simulation.advance(hours: 24)
        #expect(simulation.runs.map { $0.backups.map(\.name) } == [["a"], ["b"]])
    }

    @Test func aRunCutOffByACrashIsTriedAgain() throws {
        let start = try moment("2026-11-11T09:00:00Z")
        let backup = Simulation.backup("a", 0)
        var cut = Self.run(of: backup, .inconclusive, at: start)
        cut.reason = .interrupted
        let database = ScheduledDatabase(
            name: "shop", schedule: VerificationSchedule(.afterEachBackup), monitoredSince: start,
            lastRuns: [backup.identity: cut])
        var simulation = Simulation([database], at: start)
        simulation.see(["a"])
        simulation.advance(hours: 24)
        #expect(simulation.starts == ["2026-11-11T09:10:00Z"])
    }

    @Test func waitsForRoomSaysWhyAndHoldsUpNoOther() throws {
        let start = try moment("2026-11-01T00:00:00Z")
        let databases = try ["big", "small"].map {
            ScheduledDatabase(name: $0, schedule: try every(24), monitoredSince: start)
        }
        var simulation = Simulation(databases, cap: 1, at: start)
        for name in ["big", "small"] { simulation.see(["a"], of: name) }
        #expect(simulation.scheduler.ready(at: start) == ["big", "small"])
        simulation.scheduler.setRoom(lack: "it needs 20 GiB, and 3 GiB are free", of: "big")
        simulation.advance(hours: 1)
        #expect(simulation.runs.map(\.database) == ["small"])
        #expect(simulation.scheduler.hindrance(of: "big")?.description == "it needs 20 GiB, and 3 GiB are free")
        #expect(simulation.scheduler.wakeUp(after: simulation.now) == simulation.now.adding(seconds: 60))
        simulation.scheduler.setRoom(lack: nil, of: "big")
        simulation.act()
        #expect(simulation.runs.map(\.database) == ["small", "big"])
        #expect(simulation.scheduler.hindrance(of: "big") == nil)
    }

    @Test func suspendedOnesRunOnlyWhenAskedForByHand() throws {
        var schedule = try every(24, window: "22:00-23:00")
        schedule.isSuspended = true
        var simulation = Simulation(schedule, at: try moment("2026-11-01T00:00:00Z"))
        simulation.advance(hours: 100)
        #expect(simulation.runs == [])
        #expect(simulation.scheduler.hindrance(of: "shop") == .suspended)
        #expect(simulation.scheduler.nextRun(of: "shop") == nil)
        #expect(simulation.scheduler.wakeUp(after: simulation.now) == nil)
        #expect(simulation.scheduler.request("nobody", at: simulation.now) == false)
        simulation.scheduler.request("shop", at: simulation.now)
        simulation.advance(hours: 100)
        #expect(simulation.starts == ["2026-11-05T04:00:00Z"])
    }

    @Test func saysWhatIsMissing() throws {
        let start = try moment("2026-11-01T00:00:00Z")
        var simulation = Simulation(
            [ScheduledDatabase(name: "shop", schedule: try every(24), monitoredSince: start)], at: start)
        simulation.act()
        #expect(simulation.scheduler.hindrance(of: "shop") == .catalogUnknown)
        simulation.see([])
        #expect(simulation.scheduler.hindrance(of: "shop") == .noBackup)
        let down = CatalogFacts(isLocationUp: false, problem: "no such directory", backups: [Simulation.backup("a", 0)])
        simulation.scheduler.see(down, of: "shop", at: start)
        simulation.advance(hours: 1)
        #expect(simulation.scheduler.hindrance(of: "shop")?.description.contains("no such directory") == true)
        #expect(simulation.runs == [])
        simulation.see(["a"])
        simulation.act()
        #expect(simulation.starts == ["2026-11-01T01:00:00Z"])
    }

    @Test func aReloadEndsNoRunAndStartsNoSecondOne() throws {
        let start = try moment("2026-11-01T00:00:00Z")
        var simulation = Simulation(try every(1), at: start)
        simulation.runSeconds = { _ in 7200 }
        simulation.act()
        simulation.scheduler.configure([], at: start)
        #expect(simulation.scheduler.isRunning("shop"))
        simulation.scheduler.configure(
            [ScheduledDatabase(name: "shop", schedule: try every(1), monitoredSince: start)], at: start)
        simulation.see(["a"])
        simulation.advance(hours: 3)
        #expect(simulation.violations == [])
        #expect(simulation.starts == ["2026-11-01T00:00:00Z", "2026-11-01T02:00:00Z"])
    }

    @Test func aNewExpressionIsNotMissedBeforeItWasWritten() throws {
        let start = try moment("2026-11-05T12:00:00Z")
        var simulation = Simulation(try cron("0 4 * * *"), at: start)
        simulation.advance(hours: 24)
        simulation.scheduler.configure(
            [ScheduledDatabase(name: "shop", schedule: try cron("0 10 * * *"), monitoredSince: start)],
            at: simulation.now)
        simulation.advance(hours: 24)
        #expect(simulation.starts == ["2026-11-06T04:00:00Z", "2026-11-07T10:00:00Z"])
    }

    static func run(of backup: CatalogBackup, _ verdict: Verdict, at moment: Timestamp) -> RunSummary {
        RunSummary(
            id: RunID(1), database: "shop", backup: backup.identity, dataAsOf: nil, verdict: verdict, reason: nil,
            message: "", hint: nil, proof: .none, startedAt: moment, finishedAt: moment, restoreSeconds: nil)
    }
}
