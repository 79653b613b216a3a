import Backups
import PostgreSQL
import Settings
import Verification

extension DatabaseSettings {
    /// Production's counters as the history keeps them.
    /// - Returns: `nil` without a connection, and where bounds are not asked for.
    func boundsSource(_ connection: ConnectionParameters?, _ history: any HistoryStore) -> BoundsSource? {
        guard let connection, rows.isBounded else { return nil }
        var source = BoundsSource(connection: connection) { [name] in
            try history.visitSamples(of: name, spanning: $0, $1)
        }
        source.unbounded = rows.unbounded
        return source
    }
}
