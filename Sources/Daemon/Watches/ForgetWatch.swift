import Backups
import Logging
import Processes

/// Looks for requests to forget a database, on a thread of its own. They come from another process, which waits for the
/// answer: every second.
final class ForgetWatch: Sendable {
    private let stopping = BlockingQueue<Void>()

    init(history: HistoryKeeper, events: BlockingQueue<DaemonEvent>) {
        DetachedThread.start(named: "forget requests") { [stopping] in
            while stopping.next(for: .seconds(1)) == nil {
                // A history that can't be read is told of by all others who need it.
                guard let names = try? history.store.forgetRequests(), !names.isEmpty else { continue }
                events.append(.forget(names))
            }
        }
    }

    func stop() { stopping.append(()) }
}
