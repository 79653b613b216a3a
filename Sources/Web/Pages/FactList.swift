import Backups

/// The handful of facts that are told of every database, as a list of terms and values.
struct FactList {
    let standing: Standing

    var text: String {
        let items = ([proved, newest, loss, restoring, next] + drills).map { name, value, note in
            "<div><dt>\(name)</dt><dd>\(value)\(note.isEmpty ? "" : "<small>\(note)</small>")</dd></div>"
        }
        return "<dl class=\"facts\">\(items.joined(separator: "\n"))</dl>"
    }

    typealias Item = (name: String, value: String, note: String)

    var database: DatabaseFacts { standing.database }
    var now: Timestamp { standing.now }
    private var facts: VerificationFacts { database.verification }

    private var proved: Item {
        guard let success = facts.lastSuccess else { return ("Last verified restore", "never", "") }
        return ("Last verified restore", HTML.ago(success, now: now), provedData)
    }

    private var provedData: String {
        if let time = facts.verifiedBackupTime { return "of data from \(HTML.moment(time))" }
        guard let backup = database.newestProved else { return "of a backup that is not there any more" }
        return "of \(HTML.escaped(backup.identity.name))"
    }

    private var newest: Item {
        guard let backup = database.catalog?.newest else {
            return ("Newest backup", database.catalog == nil ? "unknown" : "none", "")
        }
        let every = database.objectives.backupEvery.map { ", one every \(Self.spoken($0))" }
        return (
            "Newest backup", HTML.ago(backup.completedAt, now: now),
            HTML.unbroken(Quantity.bytes(backup.identity.sizeBytes)) + (every ?? "")
        )
    }

    private var loss: Item {
        let objective = database.objectives.rpo.map { "objective \(Self.spoken($0))" }
        let name = "Lost if it broke now"
        guard let loss = standing.loss else {
            let isKnown = facts.status == .failed || database.catalog?.newest == nil && database.catalog != nil
            return (name, isKnown ? "<b class=\"failed tone\">everything</b>" : "unknown", objective ?? "")
        }
        let exceeds = database.objectives.rpo.map { loss.seconds > $0.totalSeconds } ?? false
        let value = (loss.isLowerBound ? "at least " : "") + Quantity.duration(seconds: loss.seconds.rounded())
        let basis = loss.isProved ? "proved to restore" : "not proved yet"
        return (
            name, exceeds ? "<b class=\"attention tone\">\(value)</b>" : value,
            [objective, basis].compactMap { $0 }.joined(separator: ", ")
        )
    }

    private var restoring: Item {
        let objective = database.objectives.rto.map { "objective \(Self.spoken($0))" }
        guard let restored = facts.restored else { return ("Time to restore", "unknown", objective ?? "") }
        let exceeds = database.objectives.rto.map { restored.seconds > $0.totalSeconds } ?? false
        let value = Quantity.duration(seconds: restored.seconds)
        return (
            "Time to restore", exceeds ? "<b class=\"attention tone\">\(value)</b>" : value,
            (objective.map { "\($0), " } ?? "") + "measured on scratch"
        )
    }

    private var next: Item {
        if facts.isRunning { return ("Next verification", "running now", "") }
        if database.isSuspended { return ("Next verification", "suspended", "") }
        if let catalog = database.catalog, catalog.newest == nil {
            return ("Next verification", "with a first backup", "")
        }
        let waits = facts.hindrance.map { HTML.escaped("it waits: \($0)") } ?? ""
        // Only one that waits for a backup has no moment.
        return ("Next verification", facts.nextRun.map { HTML.ahead($0, now: now) } ?? "after the next backup", waits)
    }

    private static func spoken(_ objective: Duration) -> String {
        HTML.unbroken(Quantity.duration(seconds: objective.totalSeconds))
    }
}
