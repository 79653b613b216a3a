import Backups
import TestSupport
import Testing

@testable import Scheduling

/// Many databases, many seeds: what the scheduler promises, whatever happens.
@Suite struct SchedulerFleetTests {
    private static let start = Timestamp(seconds: 1_793_491_200)  // 2026-11-01T00:00:00Z

    private func fleet(_ count: Int, _ schedule: VerificationSchedule, cap: Int) -> Simulation {
        let databases = (0..<count).map {
            ScheduledDatabase(name: "db\($0)", schedule: schedule, monitoredSince: Self.start)
        }
        var simulation = Simulation(databases, cap: cap, at: Self.start)
        for database in databases { simulation.see(["a", "b"], of: database.name) }
        return simulation
    }

    /// 24 hours of 1,000 healthy databases: each is verified once, and they do not start all at once.
    @Test func aThousandDatabasesInADay() throws {
        var simulation = fleet(1000, VerificationSchedule(.cron(try CronExpression("0 4 * * *"))), cap: 200)
        simulation.advance(hours: 24)
        #expect(simulation.violations == [])
        #expect(simulation.runs.count == 1000)
        #expect(Set(simulation.runs.map(\.database)).count == 1000)
        let starts = simulation.runs.map { $0.start.seconds(since: Self.start) - 4 * 3600 }
        #expect(starts.allSatisfy { (0..<900).contains($0) })
        // Evenly over 15 minutes: about 67 a minute.
        for minute in 0..<15 {
            let count = starts.filter { Int($0) / 60 == minute }.count
            #expect((35...105).contains(count), "\(count) in minute \(minute)")
        }
        // One for each start and end of a run, and no more: an idle daemon sleeps.
        #expect(simulation.wakeUps <= 2001)
        #expect((0..<1000).allSatisfy { simulation.scheduler.hindrance(of: "db\($0)") == nil })
    }

    @Test func eachDatabaseStartsInTheEndUnderASmallCap() throws {
        var simulation = fleet(100, VerificationSchedule(.every(.seconds(3600))), cap: 1)
        simulation.runSeconds = { _ in 600 }
        simulation.advance(hours: 100)
        #expect(simulation.violations == [])
        // Far more is due than can run; it is shared out evenly: 600 runs, 6 for each.
        for index in 0..<100 { #expect((5...6).contains(simulation.starts(of: "db\(index)").count)) }
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func promisesHoldWhateverHappens(seed: UInt64) throws {
        var numbers = SeededGenerator(seed: seed)
        let windows = [nil, "22:00-06:00", "09:00-17:00"]
        let zones = try ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"].map {
            try TimeZoneRules(named: $0)
        }
        let triggers: [VerificationSchedule.Trigger] = [
            .cron(try CronExpression("30 2 * * *")), .cron(try CronExpression("*/20 * * * *")), .every(.seconds(7200)),
            .every(.seconds(86_400)), .afterEachBackup,
        ]
        let databases = try (0..<12).map { index in
            let window = try windows.randomElement(using: &numbers)?.map { try DailyWindow($0) }
            return ScheduledDatabase(
                name: "db\(index)",
                schedule: VerificationSchedule(
                    triggers[index % triggers.count], zone: zones[index % zones.count], window: window ?? nil,
                    selection: BackupSelection(randomOlder: index % 3)), monitoredSince: Self.start)
        }
        let cap = Int.random(in: 1...4, using: &numbers)
        var simulation = Simulation(databases, cap: cap, at: Self.start, seed: seed)
        simulation.runSeconds = { run in Int64(run.backups.count) * 900 }
        simulation.outcome = { run, backup in
            switch (backup.name.utf8.last ?? 0) % 5 {
            case 0: (.failed, .truncated)
            case 1: (.inconclusive, .diskFull)
            default: (.verified, nil)
            }
        }
        for database in databases { simulation.see(["b0"], of: database.name) }
        var listed = 1
        for _ in 0..<60 {
            simulation.advance(to: simulation.now.adding(seconds: Int64.random(in: 60...14_400, using: &numbers)))
            let name = "db\(Int.random(in: 0..<12, using: &numbers))"
            switch Int.random(in: 0..<6, using: &numbers) {
            case 0:
                simulation.setClock(
                    simulation.now.adding(seconds: Int64.random(in: -200_000...200_000, using: &numbers)))
            case 1: simulation.scheduler.request(name, at: simulation.now)
            case 2: simulation.scheduler.setRoom(lack: "full", of: name)
            case 3: simulation.scheduler.configure(databases.shuffled(using: &numbers), at: simulation.now)
            case 4: simulation.scheduler.see(CatalogFacts(isLocationUp: false), of: name, at: simulation.now)
            default:
                listed += 1
                simulation.see((max(0, listed - 6)..<listed).map { "b\($0)" }, of: name)
            }
        }
        // Healthy from here on: everything that is due starts, none is left out.
        for database in databases {
            simulation.scheduler.setRoom(lack: nil, of: database.name)
            simulation.see((0..<3).map { "last\(listed)-\($0)" }, of: database.name)
        }
        let healthy = simulation.now
        simulation.advance(hours: 72)
        #expect(simulation.violations == [])
        #expect(simulation.wakeUps < 100_000)
        for (index, database) in databases.enumerated() {
            let starts = simulation.starts(of: database.name).filter { $0 >= healthy }
            #expect(!starts.isEmpty, "\(database.name) \(triggers[index % triggers.count])")
        }
    }

    @Test func startsStayInTheWindow() throws {
        let zone = try TimeZoneRules(named: "Europe/Berlin")
        let window = try DailyWindow("22:00-06:00")
        var simulation = fleet(
            50, VerificationSchedule(.every(.seconds(10_800)), zone: zone, window: window), cap: 3)
        simulation.runSeconds = { _ in 1200 }
        simulation.outcome = { run, _ in run.database == "db7" ? (.inconclusive, .lockTimeout) : (.verified, nil) }
        simulation.advance(hours: 24 * 5)
        #expect(simulation.runs.count > 300)
        #expect(simulation.runs.allSatisfy { window.contains($0.start, in: zone) })
    }
}
