import Backups

/// What is asked of a backup of a whole cluster, which is recovered by a server of its own.
extension VerificationRequest {
    var wantsRecovery: Bool { until != .integrity && until != .fetch }

    var clusterStages: [Stage] {
        guard wantsRecovery else { return [.integrity] }
        return until == .restore ? [.integrity, .recovery] : [.integrity, .recovery, .rows]
    }

    /// What was asked and can't be answered must not look as if it were.
    /// - Parameter kind: what the backup is, with its article.
    func refusal(as kind: String) -> Check? {
        guard let first = askedOfDump.first else { return nil }
        let others = askedOfDump.dropFirst().map { ", \($0)" }.joined()
        return .inconclusive(
            "options", in: .fetch, .unsupportedFormat,
            "this is \(kind), which is recovered whole and by its own server: \(first)\(others) can be asked of a dump only",
            hint: "Leave it out. --query, --fresh, --dbname and --skip-amcheck are for backups of clusters, too.")
    }

    /// What a configuration says of all backups of a database, and what does not hold for those of its cluster.
    var notesOfCluster: [String] {
        let said: [(Bool, String)] = [
            (
                proof.against != nil || proof.bounds != nil,
                "the rows were not held against production's: its counters are of one database, and a base backup is of the cluster"
            ),
            (globals != nil, "globals were not used: the roles of its cluster are in a base backup"),
            (
                !restore.ignoredExtensions.isEmpty,
                "extensions.ignore has no part in it: extensions come back as they are in a base backup, whether this machine has "
                    + "their libraries or not"
            ),
        ]
        return said.filter(\.0).map(\.1)
    }
}
