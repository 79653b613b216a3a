import Backups

/// What the daemon itself could not do lately: the rest of a page may be out of date then.
struct FleetNotices {
    let facts: FleetFacts

    var text: String { [staleness, setAside, reloadProblem].filter { !$0.isEmpty }.joined(separator: "\n") }

    private var staleness: String {
        let broken = facts.collectors.filter { !$0.value.isSuccessful }.keys.sorted()
        let words = broken.map { name in
            switch name {
            case "catalog": "not every location can be listed"
            case "history": facts.history.problem ?? "the history can't be read or written"
            default: "\(name) could not be asked"
            }
        }
        return words.isEmpty
            ? ""
            : "<p class=\"attention\"><b class=\"tone\">Not all of this is up to date:</b> "
                + "\(HTML.escaped(words.joined(separator: ", "))).</p>"
    }

    private var setAside: String {
        guard let history = facts.history.setAside else { return "" }
        return "<section class=\"card attention\"><h2>The history was damaged</h2>"
            + "<p>It was set aside as \(HTML.escaped(history.path)) at \(HTML.moment(history.at)), and a new one begun: "
            + "what was verified before that is not known here.</p>"
            + "<p class=\"hint\"><strong>What to do:</strong> Look at the disk that it lies on. This is said until that "
            + "file is removed, or moved elsewhere.</p></section>"
    }

    private var reloadProblem: String {
        guard !facts.configuration.isLastReloadSuccessful else { return "" }
        let since = facts.configuration.loadedAt.map { " read \(HTML.moment($0))" } ?? ""
        return "<section class=\"card attention\"><h2>The configuration could not be read again</h2>"
            + "<p>\(HTML.lines(facts.configuration.problem ?? "It is not valid."))</p>"
            + "<p class=\"quiet\">The one\(since) stays in force.</p></section>"
    }
}
