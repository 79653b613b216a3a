import CLinux
import Glibc

/// A thread that nobody joins.
package enum DetachedThread {
    /// Runs `body` on a thread of its own. `name` shows in debuggers (15 bytes).
    package static func start(named name: String, _ body: @escaping @Sendable () -> Void) {
        pthread_detach(ThreadStart.create(named: name, body))
    }
}
