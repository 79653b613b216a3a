import Backups
import Processes
import Reports
import Synchronization

/// A line on standard error that says how far the work is, drawn five times a second by a thread of its own: those who
/// work never wait for the terminal.
final class TerminalProgress: ProgressObserver {
    private struct State {
        var stage: Stage?
        var completed: UInt64 = 0
        var total: UInt64?
        var unit = ProgressUnit.items
        var began = ContinuousClock.now
    }

    private let state = Mutex(State())
    private let ended = SignalledOnce<Void>()
    private let finished = SignalledOnce<Void>()
    private let label: String

    /// - Parameter label: what stands before the stage; empty for nothing.
    init(label: String) {
        self.label = label
        DetachedThread.start(named: "progress") { self.draw() }
    }

    /// Clears the line; nothing is drawn after the return.
    func stop() {
        ended.set(())
        finished.wait()
    }

    func begin(_ stage: Stage, total: UInt64?, unit: ProgressUnit) {
        state.withLock { $0 = State(stage: stage, total: total, unit: unit) }
    }

    func advance(_ stage: Stage, to completed: UInt64) {
        state.withLock { if $0.stage == stage { $0.completed = completed } }
    }

    func end(_ stage: Stage) {
        state.withLock { if $0.stage == stage { $0.completed = $0.total ?? $0.completed } }
    }

    private func draw() {
        while ended.wait(for: .milliseconds(200)) == nil {
            let line = state.withLock { state in
                state.stage.map {
                    ProgressLine(
                        stage: $0, completed: state.completed, total: state.total, unit: state.unit,
                        elapsedSeconds: (ContinuousClock.now - state.began).totalSeconds)
                }
            }
            guard let line else { continue }
            // The last column stays free: a terminal may wrap there.
            let width = StandardStream.error.width - 1
            let prefix = label.isEmpty ? "" : "\(label)  "
            StandardStream.error.write("\r\u{1B}[K\((prefix + line.text(width: width - prefix.count)).prefix(width))")
        }
        StandardStream.error.write("\r\u{1B}[K")
        finished.set(())
    }
}
