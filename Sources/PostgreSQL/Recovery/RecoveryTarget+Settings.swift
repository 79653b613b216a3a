package import Backups

extension RecoveryTarget {
    /// Settings of the server that recovers.
    package var settings: [(name: String, value: String)] {
        switch self {
        case .latest: []
        case .immediate: [("recovery_target", "immediate")]
        case .time(let time): [("recovery_target_time", time.postgreSQLText)]
        case .position(let position): [("recovery_target_lsn", "\(position)")]
        case .transaction(let transaction): [("recovery_target_xid", "\(transaction)")]
        case .name(let name): [("recovery_target_name", name)]
        }
    }
}
