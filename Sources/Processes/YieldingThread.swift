import CLinux

/// Work that lets others go first: the threads that it starts, and the children, go with it.
package enum YieldingThread {
    /// Of threads that yield nothing: that of whoever asked first, before any yielded. Not that of the process's first thread,
    /// which alone renice(1) changes.
    private static let usual = restorable_thread_niceness(0)

    /// Runs `body` on a thread of its own with `niceness` (0 to 19) added to the calling one's, and input and output only when
    /// nobody else wants any. Blocks until it is done. 0 yields nothing.
    package static func run<Value: Sendable>(
        niceness: Int, _ body: @escaping @Sendable () -> Value
    ) -> Value {
        guard niceness > 0 else { return body() }
        _ = usual
        return JoinedThread.run(named: "yielding") {
            restorable_yield_thread(min(19, restorable_thread_niceness(0) + Int32(niceness)))
            return body()
        }
    }

    /// How much the calling thread yields to others of the process.
    package static var niceness: Int { max(0, Int(restorable_thread_niceness(0) - usual)) }
}
