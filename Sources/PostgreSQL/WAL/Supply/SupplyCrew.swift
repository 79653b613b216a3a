import Processes
import Synchronization

/// Threads that fetch segments, in the order in which they are wanted.
final class SupplyCrew: Sendable {
    private let queue = BlockingQueue<SupplyFetch?>()
    private let ended = BlockingQueue<Void>()
    private let running: Mutex<Int>

    init(threads: Int) {
        running = Mutex(threads)
        for _ in 0..<threads {
            DetachedThread.start(named: "wal fetch") { [queue, ended] in
                while let fetch = queue.next() { fetch.run() }
                ended.append(())
            }
        }
    }

    func append(_ fetch: SupplyFetch) { queue.append(fetch) }

    /// Waits until each has put down what it had in hand. Later calls do nothing.
    func end() {
        let threads = running.withLock { running in
            defer { running = 0 }
            return running
        }
        for _ in 0..<threads { queue.append(nil) }
        for _ in 0..<threads { ended.next() }
    }
}
