import Glibc

/// One thread of our own on which the asynchronous code of swift-subprocess runs.
///
/// Our callers block. Were that code run by the cooperative pool, as many blocked callers as the machine has cores would
/// leave no thread to end the wait of any of them.
final class SpawnThread: TaskExecutor {
    static let shared = SpawnThread()

    private let jobs = BlockingQueue<UnownedJob>()

    private init() {
        DetachedThread.start(named: "spawn") { [jobs] in
            while true { jobs.next().runSynchronously(on: SpawnThread.shared.asUnownedTaskExecutor()) }
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        jobs.append(UnownedJob(job))
    }
}
