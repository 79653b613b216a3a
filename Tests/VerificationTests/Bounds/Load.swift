import Backups
import Glibc
import PostgreSQL
import Processes
import Synchronization
import TestSupport

/// Sessions that write to `orders` again and again, each on a thread of its own, until they are stopped.
final class Load: Sendable {
    private let isStopped = Mutex(false)
    private let ends: [SignalledOnce<Void>]

    init(_ database: TestDatabase, sessions: Int) throws {
        let parameters = try ConnectionParameters(conninfo: database.conninfo)
        let connections = try (0..<sessions).map { _ in try Connection(parameters) }
        ends = connections.map { _ in SignalledOnce<Void>() }
        for (connection, end) in zip(connections, ends) {
            DetachedThread.start(named: "load") { [self] in
                // One that breaks is only one less.
                while !isStopped.withLock({ $0 }), (try? Self.round(connection)) != nil { usleep(5_000) }
                end.set(())
            }
        }
    }

    func stop() {
        isStopped.withLock { $0 = true }
        for end in ends { end.wait() }
    }

    private static func round(_ connection: Connection) throws {
        try connection.execute("INSERT INTO orders (note) SELECT 'load' FROM generate_series(1, 5)")
        try connection.execute("BEGIN; INSERT INTO orders (note) VALUES ('no'); ROLLBACK")
        try connection.execute("DELETE FROM orders WHERE id IN (SELECT id FROM orders ORDER BY id LIMIT 2)")
        // What is counted is in the counters when the next statement is asked: the tests do not wait.
        try connection.execute("SELECT pg_stat_force_next_flush()")
    }
}
