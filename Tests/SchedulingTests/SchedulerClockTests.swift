import Backups
import Testing

@testable import Scheduling

/// The clock is set while the scheduler runs: no storm of runs, and none is lost.
@Suite struct SchedulerClockTests {
    private static let start = Timestamp(seconds: 1_793_491_200)  // 2026-11-01T00:00:00Z

    private func simulation(cron: Bool) throws -> Simulation {
        let trigger =
            cron ? VerificationSchedule.Trigger.cron(try CronExpression("0 4 * * *")) : .every(.seconds(86_400))
        var simulation = Simulation(VerificationSchedule(trigger, jitter: .zero), at: Self.start)
        simulation.advance(hours: 29)
        return simulation
    }

    @Test(
        arguments: [true, false],
        [-1, -90, -179, -240, -3 * 1440, -400 * 1440, 1, 120, 3 * 1440, 400 * 1440] as [Int64])
    func oneStep(cron: Bool, minutes: Int64) throws {
        var simulation = try simulation(cron: cron)
        let before = simulation.runs.count
        #expect(before == 2)
        let stepped = simulation.now.adding(seconds: minutes * 60)
        simulation.setClock(stepped)
        simulation.advance(hours: 24 * 5)
        let after = simulation.runs.dropFirst(before).map(\.start)
        // Five days: five runs; a step forward makes up for what it skipped once, a step back waits for at most 3 hours.
        #expect((4...6).contains(after.count), "\(after)")
        let gaps = zip([stepped] + after, after).map { $1.seconds(since: $0) / 3600 }
        #expect(gaps.allSatisfy { $0 <= 27 }, "\(gaps)")
        // A turn by the clock may follow the one that made up for missed ones.
        #expect(gaps.dropFirst(2).allSatisfy { $0 == 24 }, "\(gaps)")
        #expect(simulation.violations == [])
    }

    @Test(arguments: [true, false])
    func aStepForwardThatIsTakenBack(cron: Bool) throws {
        var simulation = try simulation(cron: cron)
        simulation.setClock(simulation.now.adding(seconds: 30 * 86_400))
        simulation.advance(to: simulation.now.adding(seconds: 300))
        #expect(simulation.runs.count == 3)
        simulation.setClock(simulation.now.adding(seconds: -30 * 86_400))
        let back = simulation.now
        simulation.advance(hours: 24 * 5)
        let after = simulation.runs.dropFirst(3).map(\.start)
        #expect((4...5).contains(after.count), "\(after)")
        #expect(try #require(after.first).seconds(since: back) <= 86_400)
    }

    /// A clock that trembles round the moment of a turn starts it once.
    @Test func tremblingClock() throws {
        var simulation = Simulation(
            VerificationSchedule(.cron(try CronExpression("0 4 * * *")), jitter: .zero), at: Self.start)
        simulation.runSeconds = { _ in 0 }
        let turn = Self.start.adding(seconds: 4 * 3600)
        for second in [-2, 0, -1, 1, -2, 2, -60, 3, -3600, 10] as [Int64] {
            simulation.setClock(turn.adding(seconds: second))
            simulation.advance(to: simulation.now)
            simulation.advance(to: simulation.now.adding(seconds: 1))
        }
        #expect(simulation.runs.count == 1)
    }

    @Test func aStepBackDoesNotHoldUpAnAttemptForEver() throws {
        var simulation = Simulation(VerificationSchedule(.every(.seconds(30 * 86_400)), jitter: .zero), at: Self.start)
        simulation.outcome = { _, _ in (.inconclusive, .diskFull) }
        simulation.advance(to: Self.start.adding(seconds: 300))
        simulation.setClock(Self.start.adding(seconds: -400 * 86_400))
        simulation.advance(hours: 1)
        #expect(simulation.runs.count >= 2)
        #expect(simulation.runs.count <= 4)
    }
}
