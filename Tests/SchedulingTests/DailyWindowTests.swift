import Backups
import Testing

@testable import Scheduling

@Suite struct DailyWindowTests {
    @Test(
        arguments: [
            ("22:00-06:00", "2026-11-01T21:59:59Z", false), ("22:00-06:00", "2026-11-01T22:00:00Z", true),
            ("22:00-06:00", "2026-11-01T00:00:00Z", true), ("22:00-06:00", "2026-11-01T05:59:59Z", true),
            ("22:00-06:00", "2026-11-01T06:00:00Z", false), ("9:30 - 17:00", "2026-11-01T09:30:00Z", true),
            ("09:30-17:00", "2026-11-01T17:00:00Z", false), ("20:00-24:00", "2026-11-01T23:59:59Z", true),
            ("20:00-24:00", "2026-11-02T00:00:00Z", false), ("20:00-00:00", "2026-11-01T23:00:00Z", true),
        ])
    func contains(text: String, moment: String, isInside: Bool) throws {
        #expect(try DailyWindow(text).contains(#require(Timestamp(moment)), in: .utc) == isInside)
    }

    @Test(
        arguments: [
            ("22:00-06:00", "UTC", "2026-11-01T12:00:00Z", "2026-11-01T22:00:00Z"),
            ("22:00-06:00", "UTC", "2026-11-01T23:00:00Z", "2026-11-01T23:00:00Z"),
            ("22:00-06:00", "Europe/Berlin", "2026-07-01T12:00:00Z", "2026-07-01T20:00:00Z"),
            ("02:30-05:00", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"),
            // The whole window is skipped by the clocks.
            ("02:10-02:50", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-30T00:10:00Z"),
            ("02:30-05:00", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"),
        ])
    func opens(text: String, zone: String, from: String, expected: String) throws {
        let opening = try DailyWindow(text).opening(from: #require(Timestamp(from)), in: TimeZoneRules(named: zone))
        #expect(opening?.description == expected)
    }

    @Test(arguments: [
        "", "22:00", "22-6", "24:00-06:00", "22:60-06:00", "25:00-06:00", "22:00-06:00-07:00", "+2:00-6:00",
        "22:+6-06:00",
        "22:0-06:00",
    ])
    func isRefused(text: String) {
        let problem = #expect(throws: ScheduleProblem.self) { try DailyWindow(text) }
        #expect(problem?.message.contains("22:00-06:00") == true)
    }

    @Test(arguments: ["06:00-06:00", "00:00-24:00"])
    func isNoneAtAll(text: String) {
        let problem = #expect(throws: ScheduleProblem.self) { try DailyWindow(text) }
        #expect(problem?.message.contains("leave it out") == true)
    }

    @Test(arguments: ["22:00-06:00", "09:05-17:00"])
    func describesItself(text: String) throws {
        #expect(try DailyWindow(text).description == text)
    }

    @Test func jitterStaysInsideAnOpenWindow() throws {
        let start = try #require(Timestamp("2026-11-01T00:00:00Z"))
        for index in 0..<50 {
            let schedule = VerificationSchedule(
                .cron(try CronExpression("55 5 * * *")), window: try DailyWindow("22:00-06:00"))
            var simulation = Simulation(schedule, name: "db\(index)", at: start)
            simulation.advance(hours: 12)
            #expect(simulation.runs.count == 1)
        }
    }

    @Test func jitterIsTheSameForANameAndEvenOverNames() {
        #expect(Jitter.fraction(of: "shop") == Jitter.fraction(of: "shop"))
        let fractions = (0..<1000).map { Jitter.fraction(of: "db\($0)") }
        #expect(fractions.allSatisfy { (0..<1).contains($0) })
        for tenth in 0..<10 { #expect((70...130).contains(fractions.filter { Int($0 * 10) == tenth }.count)) }
    }

    @Test func triggersFromTheConfiguration() throws {
        #expect(try VerificationSchedule.trigger(schedule: "after_each_backup", verifyEvery: nil) == .afterEachBackup)
        #expect(try VerificationSchedule.trigger(schedule: nil, verifyEvery: .seconds(3600)) == .every(.seconds(3600)))
        let cron = try VerificationSchedule.trigger(schedule: "@daily", verifyEvery: .seconds(3600))
        #expect(cron == .cron(try CronExpression("@daily")))
        #expect(throws: ScheduleProblem.self) { try VerificationSchedule.trigger(schedule: "daily", verifyEvery: nil) }
        #expect(throws: ScheduleProblem.self) {
            try VerificationSchedule.trigger(schedule: nil, verifyEvery: .seconds(1))
        }
    }
}
