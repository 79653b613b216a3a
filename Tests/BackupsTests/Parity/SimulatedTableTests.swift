import Backups
import Testing

/// The bounds never exclude the truth, whatever production did.
@Suite struct SimulatedTableTests {
    @Test(arguments: 0..<8) func theTruthIsAlwaysWithin(round: UInt64) {
        for seed in round * 250..<(round + 1) * 250 {
            let table = SimulatedTable(seed: seed, holes: false)
            guard case .within(let bounds) = table.state(restored: table.rowsAtSnapshot) else {
                Issue.record("seed \(seed): \(table)")
                return
            }
            // They are bounds indeed: a backup that lies beyond them is not taken.
            guard bounds.upperBound < .max else { continue }
            if case .within = table.state(restored: bounds.upperBound + 1) { Issue.record("seed \(seed) takes all") }
        }
    }

    @Test(arguments: 0..<8) func whatIsNotCountedFailsNothing(round: UInt64) {
        var holes = 0
        for seed in 10_000 + round * 250..<10_000 + (round + 1) * 250 {
            let table = SimulatedTable(seed: seed, holes: true)
            let state = table.state(restored: table.rowsAtSnapshot)
            if case .outside = state { Issue.record("seed \(seed): \(table)") }
            if table.hasHole, case .unknown = state { holes += 1 }
        }
        #expect(holes > 20)
    }

    @Test func aBackupThatLostRowsFails() {
        let failed = (0..<500 as Range<UInt64>).count { seed in
            let table = SimulatedTable(seed: seed, holes: false)
            if case .outside = table.state(restored: table.rowsAtSnapshot + 1_000_000) { return true }
            return false
        }
        #expect(failed > 450)
    }
}
