import Backups

extension Standing {
    /// What keeps one from going back to any moment.
    static func walArchive(_ database: DatabaseFacts, now: Timestamp) -> [Concern] {
        guard let archive = database.walArchive else {
            guard database.awaitsWALArchive else { return [] }
            return [Concern("wal-not-listed", .waiting, "Its WAL archive was not looked at yet")]
        }
        var concerns: [Concern] = []
        if !archive.isUp {
            concerns.append(
                Concern(
                    "wal-archive-down", .attention, "Its WAL archive can't be listed", detail: archive.problem,
                    since: archive.checkedAt))
        } else if archive.verdict == .failed {
            let (code, title) = failure(archive.reason)
            concerns.append(Concern(code, .failed, title, detail: archive.message, hint: archive.hint))
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

    private static func failure(_ reason: Reason?) -> (code: String, title: String) {
        if reason == nil || reason == .walGap { return ("wal-gap", "Its WAL archive has a gap") }
        if reason == .walForeign { return ("wal-foreign", "Another cluster writes into its WAL archive") }
        return ("wal-damaged", "Its WAL archive holds segments that can't be replayed")
    }
}
