import Backups

/// What is known of a database's drills: the last one, what it took and brought back, and when the next one comes.
struct DrillSection {
    let database: DatabaseFacts
    /// So many of the newest are shown.
    static let most = 20

    /// Drills that ended, the newest first.
    let runs: [RunSummary]
    let now: Timestamp

    var text: String {
        guard let drill = database.drill else { return "" }
        let items = (standing(drill) + (drill.last.map(Self.last) ?? [])).compactMap { name, value in
            value.map { "<dt>\(name)</dt><dd>\($0)</dd>" }
        }
        return "<h2>Drills</h2>\n<dl class=\"pairs\">\(items.joined(separator: "\n"))</dl>\(table)"
    }

    private typealias Pair = (String, String?)

    private func standing(_ drill: DrillRecord) -> [Pair] {
        let waits = drill.hindrance.map { HTML.escaped(", it waits: \($0)") } ?? ""
        let next = drill.nextRun.map { HTML.ahead($0, now: now) + waits }
        return [
            ("Recover to", HTML.escaped(drill.target)),
            ("Last drill", drill.lastRun.map { HTML.ago($0, now: now) } ?? "never"),
            ("Last verified", drill.lastSuccess.map { HTML.ago($0, now: now) } ?? "never"),
            ("Next drill", drill.isRunning ? "running now" : database.isSuspended ? "suspended" : next),
        ]
    }

    private static func last(_ drill: PastDrill) -> [Pair] {
        let facts = drill.facts
        let page = drill.run.map { " <a href=\"/verifications/\($0)\">all of it</a>" } ?? ""
        return [
            ("Verdict", HTML.mark(drill.verdict) + page), ("What was found", HTML.escaped(drill.message)),
            ("Base backup", HTML.escaped(drill.base)), ("Target", HTML.escaped(facts.target)),
            ("Recovered to", facts.end.map { HTML.escaped("\($0)\(facts.timeline.map { ", timeline \($0)" } ?? "")") }),
            ("Last transaction", facts.lastTransaction.map(HTML.moment)),
            ("Recovery took", drill.recoverySeconds.map { Quantity.duration(seconds: $0) + met(drill.rto) }),
            (
                "Replayed",
                facts.replaySeconds.map { "\(Quantity.bytes(facts.bytes)) in \(Quantity.duration(seconds: $0))" }
            ),
            ("Promoted in", facts.promoteSeconds.map { Quantity.duration(seconds: $0) }),
            (
                "Would be lost",
                drill.rpo?.measuredSeconds.map { Quantity.duration(seconds: $0.rounded()) + met(drill.rpo) }
            ),
        ]
    }

    private static func met(_ result: ObjectiveResult?) -> String {
        guard let result, let objective = result.objectiveSeconds else { return "" }
        let text = ", objective \(HTML.unbroken(Quantity.duration(seconds: objective)))"
        return result.isMet == false ? "\(text) <b class=\"attention tone\">missed</b>" : text
    }

    private var table: String {
        guard !runs.isEmpty else { return "" }
        let rows = runs.prefix(Self.most).map { run in
            "<tr><td class=\"time\"><a href=\"/verifications/\(run.id)\">\(HTML.moment(run.finishedAt))</a></td>"
                + "<td>\(HTML.mark(run.verdict))</td><td class=\"name\">\(HTML.escaped(run.target ?? ""))</td>"
                + "<td class=\"number\">\(run.restoreSeconds.map { Quantity.duration(seconds: $0) } ?? "–")</td>"
                + "<td class=\"name\">\(HTML.escaped(run.message)) "
                + "<span class=\"quiet\">\(HTML.escaped(run.backup.name))</span></td></tr>"
        }
        return HTML.table(
            "Drills", ["when", "verdict", "target", "recovery", "what was found"], Array(rows), numbers: [3])
    }
}
