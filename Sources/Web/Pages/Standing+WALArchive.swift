import Backups

extension Standing {
    /// What keeps one from going back to any moment.
    static func walArchive(_ database: DatabaseFacts, now: Timestamp) -> [Concern] {
        guard let archive = database.walArchive else { return [] }
        var concerns: [Concern] = []
        if !archive.isUp {
            concerns.append(
                Concern(
                    "wal-archive-down", .attention, "Its WAL archive can't be listed", detail: archive.problem,
                    since: archive.checkedAt))
        } else if archive.verdict == .failed {
            concerns.append(
                Concern(
                    "wal-gap", .failed, "Its WAL archive has a gap", detail: archive.message, hint: archive.hint))
        } else if archive.verdict == .inconclusive {
            concerns.append(
                Concern(
                    "wal-unproved", .attention, "Its WAL archive could not be checked", detail: archive.message,
                    hint: archive.hint))
        }
        // As the alert RecoveryWindowTooShort has it: a window that still grows is none of anybody's fault.
        if let start = archive.window.start, let objective = database.objectives.recoveryWindow?.totalSeconds,
            now.age(of: start) < objective, now.age(of: database.monitoredSince) > objective
        {
            concerns.append(
                Concern(
                    "window-too-short", .attention, "One can't go back far enough",
                    detail: "\(Quantity.duration(seconds: now.age(of: start).rounded())); the objective is "
                        + "\(Quantity.duration(seconds: objective))."))
        }
        return concerns
    }
}
