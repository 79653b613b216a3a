import Glibc

/// Lets several threads share one ``LoadScheduler``.
///
/// `@unchecked Sendable`: `scheduler` and `failure` are only touched while `mutex` is held; `mutex` and `condition` live at
/// fixed addresses until `deinit`, when no thread is left that uses them.
final class LoadCrew: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var scheduler: LoadScheduler
    private var failure: (any Error)?

    init(_ scheduler: LoadScheduler) {
        self.scheduler = scheduler
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// What to do next; waits while there is nothing.
    /// - Returns: `nil` when all is done or somebody gave up.
    func next() -> (node: Int, isAlone: Bool)? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while failure == nil {
            switch scheduler.next() {
            case .run(let node):
                if scheduler.readyCount > 0 { pthread_cond_signal(condition) }
                return (node, false)
            case .runAlone(let node): return (node, true)
            case .wait: pthread_cond_wait(condition, mutex)
            case .finished: return nil
            }
        }
        return nil
    }

    func complete(_ node: Int) {
        change { scheduler.complete(node) }
    }

    func fail(_ node: Int) {
        change { scheduler.fail(node) }
    }

    /// Ends the work: no node starts any more. The first reason counts.
    func giveUp(_ error: any Error) {
        change { failure = failure ?? error }
    }

    /// - Throws: why somebody gave up.
    func check() throws {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        if let failure { throw failure }
    }

    private func change(_ body: () -> Void) {
        pthread_mutex_lock(mutex)
        body()
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }
}
