import Backups

/// One verification: the verdict, what to do, and all that was found.
struct VerificationPage {
    let id: RunID
    let report: VerificationReport
    let facts: FleetFacts
    let now: Timestamp

    var text: String {
        let sections = [heading, banner, objectives, proved, stages, checks, findings, tables, backup]
        return PageFrame(
            title: "\(conclusion.verdict.rawValue): \(report.database ?? report.backup.name)",
            body: sections.filter { !$0.isEmpty }.joined(separator: "\n"), foot: PageFoot(facts: facts, now: now).text
        ).text
    }

    var conclusion: Conclusion { report.conclusion }

    private var heading: String {
        let known = report.database.map { name in
            facts.databases.contains { $0.name == name } ? HTML.link(database: name) : HTML.escaped(name)
        }
        let took = Quantity.duration(seconds: report.finishedAt.seconds(since: report.startedAt))
        return "<h1>\(known.map { "\($0): " } ?? "")\(HTML.escaped(report.backup.name))</h1>\n"
            + "<p class=\"quiet\">Verification \(id), begun \(HTML.moment(report.startedAt)), took \(took)</p>"
    }

    private var banner: String {
        let meaning =
            switch conclusion.verdict {
            case .verified where conclusion.stoppedAfter != nil:
                "All was well as far as it was asked to look. Whether it restores was not asked."
            case .verified: "This backup restores."
            case .failed: "This backup would not save you."
            case .inconclusive: "Not all of this backup could be checked. It may be sound: nobody knows yet."
            }
        let reason = conclusion.reason.map { " <span class=\"quiet\">(\(HTML.escaped($0.rawValue)))</span>" } ?? ""
        let hint = conclusion.hint.map {
            "<p class=\"hint\"><strong>What to do:</strong> \(HTML.escaped($0))</p>"
        }
        return "<section class=\"card \(conclusion.verdict.rawValue)\"><h2>\(HTML.mark(conclusion.verdict))</h2>"
            + "<p>\(meaning)</p><p>\(HTML.escaped(conclusion.message))\(reason)</p>\(hint ?? "")</section>"
    }

    private var objectives: String {
        let rows = [("Data that would be lost (RPO)", report.rpo), ("Time to restore (RTO)", report.rto)]
            .compactMap { name, result in result.map { objective(name, $0) } }
        guard !rows.isEmpty else { return "" }
        return HTML.table("Objectives", ["", "measured", "objective", "", "basis"], rows, numbers: [1, 2])
    }

    private func objective(_ name: String, _ result: ObjectiveResult) -> String {
        let measured = result.measuredSeconds.map { Quantity.duration(seconds: $0) } ?? "unknown"
        let wanted = result.objectiveSeconds.map { Quantity.duration(seconds: $0) } ?? "none set"
        let met =
            switch result.isMet {
            case true: "<span class=\"mark verified\">met</span>"
            case false: "<span class=\"mark failed\">not met</span>"
            case nil where result.objectiveSeconds != nil: "<span class=\"mark inconclusive\">not proved</span>"
            case nil: ""
            }
        return
            "<tr><td class=\"name\">\(name)</td><td class=\"number\">\(measured)</td><td class=\"number\">\(wanted)</td>"
            + "<td>\(met)</td><td class=\"quiet\">\(HTML.escaped(result.basis))</td></tr>"
    }

    private var proved: String {
        var items: [String] = []
        if let through = conclusion.provedThrough {
            items.append("Everything up to and including the stage <b>\(through.rawValue)</b> was proved.")
        } else {
            items.append("No stage was proved.")
        }
        switch conclusion.proof {
        case .none: break
        case .itself: items.append("The backup agrees with itself: its structure, its checksums, its own row counts.")
        case .bounds: items.append("The rows lie where production's own counters say they must.")
        case .manifest: items.append("It equals what was in the database when the backup was made (manifest).")
        }
        if conclusion.content == .proved {
            items.append("A single changed letter in the data would have been seen.")
        }
        items += conclusion.notes.map(HTML.escaped)
        if let stopped = conclusion.stoppedAfter {
            items.append("The run was asked to stop after <b>\(stopped.rawValue)</b>.")
        }
        return "<h2>What was proved</h2>\n<ul>\(items.map { "<li>\($0)</li>" }.joined())</ul>"
    }
}
