import Glibc

/// The one thread that starts children. It lives as long as the process.
///
/// The kernel sends a parent-death signal when the *thread* that made the child ends (prctl(2), PR_SET_PDEATHSIG), so
/// children must not be made by threads that come and go.
enum SpawnThread {
    private static let jobs: BlockingQueue<@Sendable () -> Void> = {
        let jobs = BlockingQueue<@Sendable () -> Void>()
        DetachedThread.start(named: "spawn") { while true { jobs.next()() } }
        return jobs
    }()

    /// Runs `body` there and waits for it.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value {
        let result = SignalledOnce<Value>()
        jobs.append { result.set(body()) }
        return result.wait()
    }
}
