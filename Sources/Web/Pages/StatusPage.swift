import Backups

/// The first page: every database, the worst first.
struct StatusPage {
    let facts: FleetFacts
    let now: Timestamp

    var text: String {
        let standings = facts.databases.map { Standing($0, now: now) }
        let ordered = standings.enumerated()
            .sorted { ($1.element.level, $0.offset) < ($0.element.level, $1.offset) }.map(\.element)
        let cards = ordered.enumerated().map { index, standing in card(standing, index) }
        return PageFrame(
            title: Self.headline(standings.map(\.level)).text,
            body: """
                \(heading(standings.map(\.level)))
                \(FleetNotices(facts: facts).text)
                \(cards.joined(separator: "\n"))
                """,
            foot: PageFoot(facts: facts, now: now).text
        ).text
    }

    /// All of it in one sentence.
    static func headline(_ levels: [Level]) -> (level: Level, text: String) {
        func count(_ level: Level) -> Int { levels.count { $0 == level } }
        func databases(_ count: Int) -> String { Quantity.count(UInt64(count), "database") }
        if levels.isEmpty { return (.waiting, "No database is configured or found") }
        if count(.failed) > 0 {
            return (.failed, "\(databases(count(.failed))) of \(levels.count) would not come back")
        }
        if count(.attention) > 0 {
            return (
                .attention,
                "\(databases(count(.attention))) of \(levels.count) need\(count(.attention) == 1 ? "s" : "") attention"
            )
        }
        if count(.waiting) > 0 {
            return (.waiting, "\(databases(count(.waiting))) of \(levels.count) not proved yet")
        }
        return (
            .well, levels.count == 1 ? "The database would come back" : "All \(levels.count) databases would come back"
        )
    }

    private func heading(_ levels: [Level]) -> String {
        let headline = Self.headline(levels)
        var others: [String] = []
        for (level, words) in [(Level.attention, "need attention"), (.waiting, "not proved yet"), (.well, "well")] {
            let count = levels.count { $0 == level }
            let spoken = level == .attention && count == 1 ? "needs attention" : words
            if count > 0, level < headline.level { others.append("\(count) \(spoken)") }
        }
        return "<h1 class=\"\(headline.level.rawValue) tone\">\(headline.text)</h1>\n<p class=\"quiet\">"
            + (others + ["as of \(HTML.moment(now))"]).joined(separator: ", ") + "</p>"
    }

    private func card(_ standing: Standing, _ index: Int) -> String {
        let database = standing.database
        let spark = TrendChart.sizes(database, id: "s\(index)", isSpark: true).text
        let restores = TrendChart.restores(database, database.verification.recent, id: "r\(index)", isSpark: true).text
        let trends = [("Size", spark), ("Restore time", restores)].filter { !$0.1.isEmpty }
            .map { "<div><dt>\($0)</dt><dd>\($1)</dd></div>" }.joined()
        let state = standing.level == .well ? "Would come back" : ""
        return """
            <article class="card \(standing.level.rawValue)">
            <h2>\(HTML.link(database: database.name))\
            \(state.isEmpty ? "" : "<span class=\"tone\">\(state)</span>")\
            \(database.discoveredBy == nil ? "" : "<small class=\"quiet\">discovered</small>")</h2>
            \(ConcernList(standing: standing).text)
            \(FactList(standing: standing).text)
            \(trends.isEmpty ? "" : "<dl class=\"facts\">\(trends)</dl>")
            </article>
            """
    }
}
