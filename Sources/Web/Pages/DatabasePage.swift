import Backups

/// One database: how it stands, its trends, its runs, its backups.
struct DatabasePage {
    let facts: FleetFacts
    let database: DatabaseFacts
    /// Verifications, the newest first.
    let runs: [RunSummary]
    /// Drills, the newest first: they say nothing of a backup by itself.
    var drills: [RunSummary] = []
    let now: Timestamp

    var text: String {
        let standing = Standing(database, now: now)
        let state = standing.level == .well ? "<p><b class=\"tone\">Would come back</b></p>" : ""
        return PageFrame(
            title: database.name,
            body: """
                <h1>\(HTML.escaped(database.name))</h1>
                <p class="quiet">\(HTML.escaped(database.engine)), \(HTML.escaped(database.kind))\(discovery), \
                watched since \(HTML.moment(database.monitoredSince)), as of \(HTML.moment(now))</p>
                \(FleetNotices(facts: facts).text)
                <section class="card \(standing.level.rawValue)">\(state)
                \(ConcernList(standing: standing).text)
                \(FactList(standing: standing).text)
                </section>
                \(trends)
                \(history)
                \(backups)
                \(production)
                \(WALArchiveSection(database: database, now: now).text)
                \(DrillSection(database: database, runs: drills, now: now).text)
                """,
            foot: PageFoot(facts: facts, now: now).text
        ).text
    }

    private var discovery: String {
        database.discoveredBy.map { ", discovered by the entry <b>\(HTML.escaped($0))</b>" } ?? ""
    }

    private var trends: String {
        let charts = [
            TrendChart.sizes(database, id: "size").text, TrendChart.restores(database, runs, id: "restore").text,
        ].filter { !$0.isEmpty }
        guard !charts.isEmpty else { return "" }
        return "<h2>Trends</h2>\n<div class=\"trends\">\(charts.joined(separator: "\n"))</div>"
    }

    private var history: String {
        guard !runs.isEmpty else { return "<h2>Verifications</h2><p class=\"quiet\">There was none yet.</p>" }
        let rows = runs.map { run in
            "<tr><td class=\"time\"><a href=\"/verifications/\(run.id)\">\(HTML.moment(run.finishedAt))</a></td>"
                + "<td>\(HTML.mark(run.verdict))</td><td class=\"proof\">\(run.proof.rawValue)</td>"
                + "<td class=\"number\">\(run.restoreSeconds.map { Quantity.duration(seconds: $0) } ?? "–")</td>"
                + "<td class=\"name\">\(HTML.escaped(run.message)) "
                + "<span class=\"quiet\">\(HTML.escaped(run.backup.name))</span></td></tr>"
        }
        return "<h2>Verifications</h2>\n"
            + HTML.table(
                "Verifications", ["when", "verdict", "proof", "restore", "what was found"], rows, numbers: [3])
    }

    private var backups: String {
        guard let catalog = database.catalog, !catalog.backups.isEmpty else { return "" }
        var verdicts: [BackupIdentity: RunSummary] = [:]
        for run in runs where verdicts[run.backup] == nil { verdicts[run.backup] = run }
        let shown = catalog.backups.suffix(30).reversed()
        let rows = shown.map { backup in
            "<tr><td class=\"name\">\(HTML.escaped(backup.identity.name))</td>"
                + "<td class=\"number\">\(Quantity.bytes(backup.identity.sizeBytes))</td>"
                + "<td class=\"time\">\(backup.dataAsOf.map(HTML.moment) ?? "unknown")</td>"
                + "<td class=\"time\">\(HTML.moment(backup.completedAt))</td>"
                + "<td>\(verdicts[backup.identity].map { HTML.mark($0.verdict) } ?? "")</td></tr>"
        }
        let count = Quantity.count(UInt64(catalog.backups.count), "complete backup")
        let writing = catalog.inProgress > 0 ? ", \(catalog.inProgress) still being written" : ""
        let rest = catalog.backups.count > shown.count ? "; the newest \(shown.count) are shown" : ""
        return "<h2>Backups</h2>\n<p class=\"quiet\">\(count)\(writing), "
            + "\(Quantity.bytes(catalog.storedBytes)) in all\(rest)</p>"
            + HTML.table("Backups", ["name", "size", "data as of", "finished", "verdict"], rows, numbers: [1])
    }

    private var production: String {
        guard let production = database.production else { return "" }
        let archiving = production.archiving
        let pairs: [(String, String?)] = [
            ("Connection", production.isUp ? "up" : "down"),
            ("Asked", production.sampledAt.map { HTML.ago($0, now: now) }),
            ("Size", production.databaseBytes.map(Quantity.bytes)),
            (
                "Disk",
                production.disk.map { "\(Quantity.bytes($0.usedBytes)) of \(Quantity.bytes($0.capacityBytes)) used" }
            ),
            ("WAL waits for", archiving?.lagSeconds.map { Quantity.duration(seconds: $0) }),
            ("Segments ready", archiving?.readySegments.map { Quantity.count($0) }),
            ("WAL not archived", archiving?.unarchivedBytes.map(Quantity.bytes)),
            ("Last archived", archiving?.lastSuccess.map { HTML.ago($0, now: now) }),
            ("Last failure", archiving?.lastFailure.map { HTML.ago($0, now: now) }),
        ]
        let items = pairs.compactMap { name, value in value.map { "<dt>\(name)</dt><dd>\($0)</dd>" } }
        return "<h2>Production</h2>\n<dl class=\"pairs\">\(items.joined(separator: "\n"))</dl>"
    }
}
