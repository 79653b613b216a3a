import Backups
import Synchronization

/// Which files of a base backup the damage was found in: that may have happened to them on the way here.
final class BaseBackupDoubts: Sendable {
    private struct State {
        /// Files that were damaged together, by what they hold: a record of the log may lie in two of them.
        var groups: [[DoubtedBytes]] = []
        /// Something is wrong that no line did.
        var hasCertain = false
    }

    private let state = Mutex(State())

    /// - Parameter group: empty where no line lies between.
    func add(_ group: [DoubtedBytes]) {
        state.withLock { state in
            if group.isEmpty { state.hasCertain = true } else { state.groups.append(group) }
        }
    }

    /// Reads them once more, until something is found that is damaged where it lies: then the backup is.
    /// - Throws: ``Obstacle``: `transfer-damaged` when all of them come otherwise now; whatever keeps them from coming.
    func resolve(progress: any ProgressObserver, cancellation: Cancellation) throws {
        let (groups, hasCertain) = state.withLock { ($0.groups, $0.hasCertain) }
        guard !hasCertain else { return }
        var damagedOnTheWay: Obstacle?
        for group in groups {
            do {
                for bytes in group { try bytes.confirm(progress: progress, cancellation: cancellation) }
                return
            } catch let obstacle as Obstacle where obstacle.reason == .transferDamaged {
                damagedOnTheWay = obstacle
            }
        }
        if let damagedOnTheWay { throw damagedOnTheWay }
    }
}
