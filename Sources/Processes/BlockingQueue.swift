import Glibc

/// Values from any thread to any thread; ``next()`` waits for one.
///
/// `@unchecked Sendable`: `values` is only touched while `mutex` is held; `mutex` and `condition` live at fixed addresses
/// until `deinit`, when nobody else can hold a reference.
package final class BlockingQueue<Value: Sendable>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var values: [Value] = []

    package init() {
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        // A step of the clock must not shorten or lengthen a wait.
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    package func append(_ value: Value) {
        pthread_mutex_lock(mutex)
        values.append(value)
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    /// The first value; waits for it.
    package func next() -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while values.isEmpty { pthread_cond_wait(condition, mutex) }
        return values.removeFirst()
    }

    /// The first value, or `nil` when none came for `duration`.
    package func next(for duration: Duration) -> Value? {
        var deadline = timespec(monotonicAfter: duration)
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while values.isEmpty {
            if pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT { break }
        }
        return values.isEmpty ? nil : values.removeFirst()
    }
}
