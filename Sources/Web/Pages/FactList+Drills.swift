import Backups

extension FactList {
    /// Of a database whose recovery is tried out; none of another.
    var drills: [Item] { database.drill.map { [lastDrill($0), nextDrill($0)] } ?? [] }

    private func lastDrill(_ drill: DrillRecord) -> Item {
        guard let success = drill.lastSuccess else { return ("Last verified drill", "never", "") }
        let target = drill.lastVerified.map { "recovered to \(HTML.escaped($0.facts.target))" }
        return ("Last verified drill", HTML.ago(success, now: now), target ?? "")
    }

    private func nextDrill(_ drill: DrillRecord) -> Item {
        if drill.isRunning { return ("Next drill", "running now", "") }
        if database.isSuspended { return ("Next drill", "suspended", "") }
        let waits = drill.hindrance.map { HTML.escaped("it waits: \($0)") } ?? ""
        return ("Next drill", drill.nextRun.map { HTML.ahead($0, now: now) } ?? "unknown", waits)
    }
}
