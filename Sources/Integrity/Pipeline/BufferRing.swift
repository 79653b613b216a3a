internal import Glibc

/// Reusable buffers between two threads: one fills them, the other takes them in order.
///
/// `@unchecked Sendable`. Proof: all state but the buffers' bytes is read and written only while `mutex` is held. Slot
/// `i` is in the producer's hands from `nextFree` to `publish` and in the consumer's from `nextFilled` to `release`:
/// `published - released` never exceeds the number of slots and both only grow, so the producer is given slot
/// `published % slots` only when the consumer has released its last use, and the consumer is given `released % slots`
/// only after it was published. The mutex orders the bytes' writes before their reads. A consumer that discards or
/// aborts gives up its slot by that call and must not touch it after.
final class BufferRing: @unchecked Sendable {
    struct Slot {
        let index: Int
        let buffer: UnsafeMutableRawBufferPointer
    }

    struct Filled {
        let index: Int
        let bytes: UnsafeRawBufferPointer
        /// Where the bytes start in the stream of all published bytes.
        let offset: UInt64
    }

    private enum Mode {
        case flowing
        /// The consumer wants no more, but the producer is to go on to its end.
        case discarding
        case aborted(any Error)
    }

    private enum End {
        case complete
        case failed(any Error)
    }

    let slots: Int
    private let slotSize: Int
    private let storage: UnsafeMutableRawPointer
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>
    // Guarded by `mutex`.
    private var counts: [Int]
    private var published = 0
    private var released = 0
    private var streamOffset: UInt64 = 0
    private var mode = Mode.flowing
    private var end: End?

    init(slots: Int, slotSize: Int) {
        self.slots = slots
        self.slotSize = slotSize
        storage = .allocate(byteCount: slots * slotSize, alignment: 4096)
        counts = Array(repeating: 0, count: slots)
        mutex = .allocate(capacity: 1)
        changed = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
        storage.deallocate()
    }

    // MARK: Producer

    /// Waits for a buffer to fill.
    /// - Throws: what the consumer aborted with.
    func nextFree() throws -> Slot {
        try locked {
            while true {
                switch mode {
                case .aborted(let error): throw error
                case .discarding: return slot(published)
                case .flowing where published - released < slots: return slot(published)
                case .flowing: wait()
                }
            }
        }
    }

    /// Hands over the buffer last given out, with its first `count` bytes filled.
    func publish(_ count: Int) {
        locked {
            streamOffset += UInt64(count)
            guard case .flowing = mode else { return }
            counts[published % slots] = count
            published += 1
            signal()
        }
    }

    /// Nothing more will come: all is well, or `error` follows the bytes that were published.
    func finish(_ error: (any Error)? = nil) {
        locked {
            if end == nil { end = error.map { .failed($0) } ?? .complete }
            signal()
        }
    }

    // MARK: Consumer

    /// Waits for bytes.
    /// - Returns: `nil` at the end.
    /// - Throws: what the producer failed with, after all that it had published before; at once when aborted.
    func nextFilled() throws -> Filled? {
        try locked {
            while true {
                if case .aborted(let error) = mode { throw error }
                if released < published {
                    let slot = slot(released)
                    let count = counts[slot.index]
                    let behind = (released..<published).reduce(UInt64(0)) { $0 + UInt64(counts[$1 % slots]) }
                    return Filled(
                        index: slot.index, bytes: UnsafeRawBufferPointer(rebasing: slot.buffer[..<count]),
                        offset: streamOffset - behind)
                }
                switch end {
                case .complete: return nil
                case .failed(let error): throw error
                case nil: wait()
                }
            }
        }
    }

    /// Gives back the buffer last taken.
    func release() {
        locked {
            released += 1
            signal()
        }
    }

    /// Wants no more bytes, but lets the producer go on to its end.
    func discard() {
        locked {
            if case .flowing = mode { mode = .discarding }
            signal()
        }
    }

    /// After ``discard()``: waits for the producer's end.
    /// - Throws: what the producer failed with.
    func waitForEnd() throws {
        try locked {
            while true {
                switch end {
                case .complete: return
                case .failed(let error): throw error
                case nil: wait()
                }
            }
        }
    }

    /// Ends both sides; the first error stays. From any thread.
    func abort(_ error: any Error) {
        locked {
            if case .aborted = mode { return }
            mode = .aborted(error)
            signal()
        }
    }

    // MARK: Under the lock

    private func slot(_ number: Int) -> Slot {
        let index = number % slots
        let start = storage + index * slotSize
        return Slot(index: index, buffer: UnsafeMutableRawBufferPointer(start: start, count: slotSize))
    }

    private func wait() {
        pthread_cond_wait(changed, mutex)
    }

    private func signal() {
        pthread_cond_broadcast(changed)
    }

    private func locked<Result>(_ body: () throws -> Result) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }
}
