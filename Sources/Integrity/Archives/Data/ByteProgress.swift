import Backups
import Synchronization

/// Adds up what several threads have read, and tells it.
final class ByteProgress: Sendable {
    private let observer: any ProgressObserver
    private let completed = Mutex<UInt64>(0)

    init(_ observer: any ProgressObserver) {
        self.observer = observer
    }

    func begin(total: UInt64) {
        observer.begin(.integrity, total: total, unit: .bytes)
    }

    func end() {
        observer.end(.integrity)
    }

    func advance(by count: UInt64) {
        let sum = completed.withLock { completed in
            completed += count
            return completed
        }
        observer.advance(.integrity, to: sum)
    }
}
