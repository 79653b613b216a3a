import Backups
import Testing

@testable import Scheduling

@Suite struct BackupSelectionTests {
    private static let start = Timestamp(seconds: 1_793_491_200)

    private func simulation(_ selection: BackupSelection, _ names: [String], seed: UInt64 = 1) -> Simulation {
        let schedule = VerificationSchedule(.every(.seconds(3600)), selection: selection, jitter: .zero)
        var simulation = Simulation(
            [ScheduledDatabase(name: "shop", schedule: schedule, monitoredSince: Self.start)], at: Self.start,
            seed: seed)
        simulation.see(names)
        return simulation
    }

    @Test func theNewestOnly() {
        var simulation = simulation(BackupSelection(), ["a", "b", "c"])
        simulation.advance(hours: 1)
        #expect(simulation.runs.map { $0.backups.map(\.name) } == [["c"], ["c"]])
    }

    /// Each older one comes before any comes twice.
    @Test(arguments: 0..<10 as Range<UInt64>)
    func neverVerifiedOnesFirst(seed: UInt64) {
        let names = (0..<9).map { "b\($0)" }
        var simulation = simulation(BackupSelection(randomOlder: 2), names, seed: seed)
        simulation.advance(hours: 3)
        #expect(simulation.runs.allSatisfy { $0.backups.count == 3 && $0.backups[0].name == "b8" })
        #expect(Set(simulation.runs.flatMap { $0.backups.dropFirst().map(\.name) }) == Set(names.dropLast()))
    }

    /// Then those of the half that was verified longest ago: none waits more than its number of turns.
    @Test(arguments: 0..<10 as Range<UInt64>)
    func noneIsForgotten(seed: UInt64) {
        let names = (0..<5).map { "b\($0)" }
        var simulation = simulation(BackupSelection(latest: false, randomOlder: 1), names, seed: seed)
        simulation.advance(hours: 400)
        let order = simulation.runs.map { $0.backups[0].name }
        #expect(!order.contains("b4"))
        for name in names.dropLast() { #expect((70...130).contains(order.filter { $0 == name }.count)) }
        #expect(zip(order, order.dropFirst()).allSatisfy { $0 != $1 })
    }

    @Test func differsByItsSeedAndRepeatsWithIt() {
        let orders = ([1, 1, 2] as [UInt64]).map { seed in
            var simulation = simulation(BackupSelection(randomOlder: 1), (0..<30).map { "b\($0)" }, seed: seed)
            simulation.advance(hours: 10)
            return simulation.runs.map { $0.backups[1].name }
        }
        #expect(orders[0] == orders[1])
        #expect(orders[0] != orders[2])
    }

    @Test func fewerThanAskedFor() {
        var simulation = simulation(BackupSelection(randomOlder: 5), ["a", "b"])
        simulation.act()
        #expect(simulation.runs.map { $0.backups.map(\.name) } == [["b", "a"]])
    }

    @Test func onlyOlderOnesAndThereAreNone() {
        var simulation = simulation(BackupSelection(latest: false, randomOlder: 1), ["a"])
        simulation.act()
        #expect(simulation.runs == [])
        #expect(simulation.scheduler.hindrance(of: "shop") == .noBackup)
    }
}
