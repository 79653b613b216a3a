import Backups

/// What is wrong with one database, why, since when, and what to do.
struct ConcernList {
    let standing: Standing

    var text: String {
        standing.concerns.map(item).joined(separator: "\n")
    }

    private func item(_ concern: Concern) -> String {
        let since =
            concern.since.map {
                " <span class=\"quiet\">since \(HTML.moment($0)), \(HTML.ago($0, now: standing.now))</span>"
            } ?? ""
        let detail = concern.detail.map { "<p>\(HTML.escaped($0))</p>" } ?? ""
        let hint = concern.hint.map { "<p class=\"hint\"><strong>What to do:</strong> \(HTML.escaped($0))</p>" } ?? ""
        let run = concern.run.map { "<p><a href=\"/verifications/\($0)\">Verification \($0)</a></p>" } ?? ""
        return "<div class=\"concern \(concern.level.rawValue)\"><p><b>\(HTML.escaped(concern.title))</b>\(since)</p>"
            + "\(detail)\(hint)\(run)</div>"
    }
}
