import Backups
import Processes
import Verification

extension RestoreOptions {
    /// Runs the work of one run, with its niceness, on a thread that yields: what comes after it, as writing the history, which all
    /// wait for, is done by the caller's. The deadline ends this run and not those that follow it in a turn.
    func run<Value: Sendable>(
        under cancellation: Cancellation, _ work: @escaping @Sendable (Cancellation) -> Value
    ) -> Value {
        let own = Cancellation()
        let token = cancellation.onCancel { if let obstacle = cancellation.obstacle { own.cancel(obstacle) } }
        defer { cancellation.removeHandler(token) }
        let timer = Deadline(deadline, own)
        defer { timer.stop() }
        return YieldingThread.run(niceness: niceness) { work(own) }
    }
}
