import Glibc
import Synchronization

/// The threads that start children: one for each niceness that is asked for, for a child inherits that of the thread it comes
/// from. They live as long as the process.
///
/// The kernel sends a parent-death signal when the *thread* that made the child ends (prctl(2), PR_SET_PDEATHSIG), so
/// children must not be made by threads that come and go.
enum SpawnThread {
    private typealias Jobs = BlockingQueue<@Sendable () -> Void>

    private static let threads = Mutex<[Int: Jobs]>([:])

    /// Runs `body` on the one that yields as much as the calling thread does, and waits for it.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value {
        let result = SignalledOnce<Value>()
        jobs(YieldingThread.niceness).append { result.set(body()) }
        return result.wait()
    }

    /// The calling thread starts the other, which inherits from it.
    private static func jobs(_ niceness: Int) -> Jobs {
        threads.withLock { threads in
            if let known = threads[niceness] { return known }
            let jobs = Jobs()
            DetachedThread.start(named: "spawn") { while true { jobs.next()() } }
            threads[niceness] = jobs
            return jobs
        }
    }
}
