import Backups

extension RecoveryJudgement {
    /// Of a recovery that came to the end of a whole archive, and not to its target.
    /// - Parameter isRecovered: to the end of the archive instead.
    func short(of target: RecoveryTarget, isRecovered: Bool) -> Check {
        let last = account.lastTransaction.map { "the last transaction in it is of \($0)" } ?? "it holds no transaction"
        let isTime = if case .time = target { true } else { false }
        return .inconclusive(
            Self.name, in: .recovery, .targetNotReached,
            "the archive ends before \(target): \(last)" + (isRecovered ? ". It was recovered to its end" : ""),
            hint: isTime
                ? "If the server was idle since, nothing is missing; nobody can see that in the archive. Else its archiving lags: "
                    + "look at pg_stat_archiver. Recover with --to latest to prove all that there is."
                : "Is it a place, transaction or restore point of this cluster, and after this base backup?")
    }

    /// Why a server ended before its recovery did.
    /// - Parameters:
    ///   - end: about where that was.
    ///   - obstacle: what is known of its end otherwise.
    func explain(end: WALPosition, _ obstacle: Obstacle) -> Check {
        let fatal = account.fatal ?? ""
        if account.isShortOfTarget { return flaw(before: end) ?? short(of: target, isRecovered: false) }
        if Self.wants(fatal) { return wanting(fatal, end) }
        if fatal.contains("references to invalid pages") || fatal.contains("invalid pages") {
            return .failed(
                Self.name, in: .recovery, .corrupt,
                "the base backup and the archived log do not belong together: \(fatal)",
                hint:
                    "Was the base backup made with pg_backup_start and pg_backup_stop, or by pg_basebackup? Take a new one."
            )
        }
        if fatal.hasPrefix("requested recovery stop point is before consistent recovery point") {
            return .inconclusive(
                Self.name, in: .recovery, .targetNotReached,
                "\(target) lies before the end of this base backup, up to which it must be recovered",
                hint: "Take an older base backup.")
        }
        if fatal.contains("is not a child of this server's history") {
            return .inconclusive(
                Self.name, in: .recovery, .targetNotReached,
                "the archive goes on along another timeline than this base backup's: \(fatal)",
                hint: "Take the base backup that the timeline came from, or name this one's timeline with --timeline.")
        }
        if let location = account.missingTablespace {
            return .inconclusive(
                Self.name, in: .recovery, .serverFailed,
                "the log makes a tablespace at \(location), where scratch can have no directory: recovery stops there",
                hint:
                    "Take a newer base backup, which holds the tablespace. Where this kernel allows no namespaces, or the path "
                    + "is below one of the system's own, there is no other way.")
        }
        return .inconclusive(Self.name, in: .recovery, obstacle)
    }

    /// The archive does not come to where the base backup can be used at all (`StartupXLOG`, `PerformWalRecovery`).
    private static func wants(_ fatal: String) -> Bool {
        [
            "WAL ends before end of online backup", "WAL ends before consistent recovery point",
            "could not locate required checkpoint record", "could not find redo location",
            "could not locate a valid checkpoint record",
        ].contains { fatal.contains($0) }
    }

    private func wanting(_ fatal: String, _ end: WALPosition) -> Check {
        if let flaw = flaw(before: end) { return flaw }
        return .inconclusive(
            Self.name, in: .recovery, .walBehind,
            "the archive does not come to the end of this base backup yet: \(fatal)",
            hint: "Look at the archiver if it stays so: pg_stat_archiver, the server's log.")
    }
}
