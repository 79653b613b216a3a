import Backups

extension Standing {
    /// What drills say of the way back to any moment.
    static func drills(_ database: DatabaseFacts, now: Timestamp) -> [Concern] {
        guard let drill = database.drill else { return [] }
        var concerns: [Concern] = []
        switch drill.status {
        case .failed:
            concerns.append(judged(.failed, "drill-failed", "Recovery to a point in time would fail", drill))
        case .inconclusive:
            concerns.append(judged(.attention, "drill-inconclusive", "A drill could not be made", drill))
        case nil where !database.isSuspended:
            concerns.append(Concern("never-drilled", .waiting, "Never drilled yet", since: drill.since))
        case .verified, nil: break
        }
        // Two intervals, as the alert RecoveryDrillStale has it.
        if !database.isSuspended, let every = drill.every?.totalSeconds, let since = drill.lastSuccess ?? drill.since,
            now.age(of: since) > 2 * every
        {
            concerns.append(
                Concern(
                    "drill-stale", .attention, "No verified drill for too long",
                    detail: "One is wanted every \(Quantity.duration(seconds: every)).", since: since))
        }
        return concerns
    }

    private static func judged(_ level: Level, _ code: String, _ title: String, _ drill: DrillRecord) -> Concern {
        Concern(
            code, level, title, detail: drill.deciding?.message, hint: drill.deciding?.hint, since: drill.statusSince,
            run: drill.deciding?.run)
    }
}
