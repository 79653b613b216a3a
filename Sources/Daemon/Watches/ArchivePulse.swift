import Backups
import Synchronization

/// Signs that a look at an archive comes on: the first one reads a page of every segment, and may take long without hanging.
final class ArchivePulse: ProgressObserver {
    private let last: Mutex<ContinuousClock.Instant>

    init() { last = Mutex(.now) }

    /// When there was the last sign.
    var at: ContinuousClock.Instant { last.withLock { $0 } }

    func begin(_ stage: Stage, total: UInt64?, unit: ProgressUnit) { beat() }
    func advance(_ stage: Stage, to completed: UInt64) { beat() }
    func end(_ stage: Stage) { beat() }

    private func beat() { last.withLock { $0 = .now } }
}
