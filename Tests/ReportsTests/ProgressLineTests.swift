import Backups
import Testing

@testable import Reports

@Suite struct ProgressLineTests {
    @Test(
        arguments: [
            (400 << 20, 2.0, "integrity  ━━━━━━━━────────────  40%  400 MiB of 1000 MiB  200 MiB/s  3.0 s left"),
            (0, 0.2, "integrity  ────────────────────  0%  0 B of 1000 MiB  200 ms"),
            (2000 << 20, 4.0, "integrity  ━━━━━━━━━━━━━━━━━━━━  100%  1000 MiB of 1000 MiB  500 MiB/s  0 ms left"),
        ] as [(UInt64, Double, String)])
    func bytes(completed: UInt64, elapsed: Double, text: String) {
        let line = ProgressLine(
            stage: .integrity, completed: completed, total: 1000 << 20, unit: .bytes, elapsedSeconds: elapsed)
        #expect(line.text(width: 120) == text)
    }

    @Test func withoutATotalThereIsNoPromise() {
        let line = ProgressLine(stage: .rows, completed: 3000, total: nil, unit: .rows, elapsedSeconds: 3)
        #expect(line.text(width: 80) == "rows  3,000 rows  1,000 rows/s  3.0 s")
    }

    @Test func aNarrowTerminalIsNotOverrun() {
        let line = ProgressLine(stage: .rows, completed: 3000, total: 4000, unit: .rows, elapsedSeconds: 3)
        #expect(line.text(width: 10).count == 10)
        #expect(line.text(width: 0) == "")
    }
}
