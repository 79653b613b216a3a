import Glibc

/// Blocking work on a thread of its own, while the calling one waits.
package enum JoinedThread {
    /// Runs `body` on a new thread.
    ///
    /// The thread is over when this returns, with all that it had for itself: who goes on to end the process would otherwise
    /// run the ends of libraries beside that of the thread, which both free what the thread had.
    /// - Parameter name: shows in debuggers (15 bytes).
    package static func run<Value: Sendable>(named name: String, _ body: @escaping @Sendable () -> Value) -> Value {
        let outcome = SignalledOnce<Value>()
        pthread_join(ThreadStart.create(named: name) { outcome.set(body()) }, nil)
        return outcome.wait()
    }
}
