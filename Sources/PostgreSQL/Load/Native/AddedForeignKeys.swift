import Synchronization

/// Entries whose foreign key stands, not yet checked. Shared by the connections of a load.
final class AddedForeignKeys: Sendable {
    private let entries = Mutex<Set<Int>>([])

    func insert(_ entry: Int) { entries.withLock { _ = $0.insert(entry) } }
    func contains(_ entry: Int) -> Bool { entries.withLock { $0.contains(entry) } }
}
