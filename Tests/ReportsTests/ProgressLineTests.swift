import Backups
import Testing

@testable import Reports

@Suite struct ProgressLineTests {
    @Test(
        arguments: [
            (400 << 20, 2.0, "integrity  ━━━━━━━━────────────  40%  400 MiB of 1000 MiB  200 MiB/s  3 s left"),
            (400 << 20, 200.0, "integrity  ━━━━━━━━────────────  40%  400 MiB of 1000 MiB  2.0 MiB/s  5 min left"),
            (0, 0.2, "integrity  ────────────────────  0%  0 B of 1000 MiB  0 s"),
            (2000 << 20, 4.0, "integrity  ━━━━━━━━━━━━━━━━━━━━  100%  1000 MiB of 1000 MiB  500 MiB/s  4 s"),
        ] as [(UInt64, Double, String)])
    func bytes(completed: UInt64, elapsed: Double, text: String) {
        let line = ProgressLine(
            stage: .integrity, completed: completed, total: 1000 << 20, unit: .bytes, elapsedSeconds: elapsed)
        #expect(line.text(width: 120) == text)
    }

    @Test func withoutATotalThereIsNoPromise() {
        let line = ProgressLine(stage: .rows, completed: 3000, total: nil, unit: .rows, elapsedSeconds: 3)
        #expect(line.text(width: 80) == "rows  3,000 rows  1,000 rows/s  3 s")
    }

    /// The time is what one looks for: it is the last to go.
    @Test(
        arguments: [
            (79, "integrity  ━━━━━━━━────────────  40%  400 MiB of 1000 MiB  200 MiB/s  3 s left"),
            (70, "integrity  ━━━━────────  40%  400 MiB of 1000 MiB  200 MiB/s  3 s left"),
            (60, "integrity  40%  400 MiB of 1000 MiB  200 MiB/s  3 s left"),
            (40, "integrity  40%  200 MiB/s  3 s left"), (30, "integrity  40%  3 s left"), (20, "integrity  3 s left"),
            (10, "integrity "),
            (0, ""),
        ] as [(Int, String)])
    func aNarrowTerminalIsNotOverrun(width: Int, text: String) {
        let line = ProgressLine(
            stage: .integrity, completed: 400 << 20, total: 1000 << 20, unit: .bytes, elapsedSeconds: 2)
        #expect(line.text(width: width) == text)
        for width in 0..<120 { #expect(line.text(width: width).count <= width) }
    }
}
