import Backups

/// One verification as an HTML article.
struct HTMLArticle {
    let report: VerificationReport

    init(_ report: VerificationReport) {
        self.report = report
    }

    var text: String {
        [
            "<article class=\"\(report.conclusion.verdict.rawValue)\">", heading, banner, objectives, proved, stages,
            checks,
            findings, tables, facts, "</article>",
        ].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var conclusion: Conclusion { report.conclusion }

    private func escaped(_ text: String) -> String { HTMLText.escaped(text) }

    /// `2026-11-20 02:00:07 UTC`.
    private func spoken(_ time: Timestamp) -> String {
        let text = time.description
        return "\(text.prefix(10)) \(text.dropFirst(11).dropLast()) UTC"
    }

    private var heading: String {
        let name = report.database.map { "\($0): \(report.backup.name)" } ?? report.backup.name
        return """
            <h1>\(escaped(name))</h1>
            <p class="quiet">Verified \(spoken(report.startedAt)), in \
            \(Quantity.duration(seconds: report.finishedAt.seconds(since: report.startedAt)))</p>
            """
    }

    private var banner: String {
        let reason = conclusion.reason.map { " <span class=\"quiet\">(\(escaped($0.rawValue)))</span>" } ?? ""
        let hint = conclusion.hint.map { "\n<p class=\"hint\"><b>What to do:</b> \(escaped($0))</p>" } ?? ""
        let explanation =
            conclusion.stoppedAfter == nil || conclusion.verdict != .verified
            ? conclusion.verdict.explanation
            : "All was well as far as it was asked to look. Whether it restores was not asked."
        return """
            <div class="banner"><strong>\(conclusion.verdict.rawValue)</strong>
            <p>\(explanation)</p>
            <p>\(escaped(conclusion.message))\(reason)</p>\(hint)</div>
            """
    }

    /// The proof in words.
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
        items += conclusion.notes.map(escaped)
        if let stopped = conclusion.stoppedAfter {
            items.append("The run was asked to stop after <b>\(stopped.rawValue)</b>.")
        }
        return "<h2>What was proved</h2>\n<ul>\(items.map { "<li>\($0)</li>" }.joined())</ul>"
    }

    private var objectives: String {
        let rows = [
            ("Data that would be lost now (RPO)", report.rpo), ("Time to restore (RTO)", report.rto),
        ].compactMap { name, result in result.map { objective(name, $0) } }
        guard !rows.isEmpty else { return "" }
        return table(["", "measured", "objective", "", "basis"], rows, numbers: [1, 2])
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
            + "<td>\(met)</td><td class=\"quiet\">\(escaped(result.basis))</td></tr>"
    }

    private var stages: String {
        guard !report.stages.isEmpty else { return "" }
        let longest = max(report.stages.map(\.seconds).max() ?? 0, 0.001)
        let rows = report.stages.map { stage in
            let share = Int((stage.seconds / longest * 100).rounded())
            return "<tr><td>\(stage.stage.rawValue)</td>"
                + "<td class=\"number\">\(Quantity.duration(seconds: stage.seconds))</td>"
                + "<td class=\"number\">\(stage.bytes.map(Quantity.bytes) ?? "")</td>"
                + "<td class=\"bars\"><span class=\"bar\" style=\"width:\(share)%\"></span></td></tr>"
        }
        return "<h2>Stages</h2>\n" + table(["stage", "time", "bytes", ""], rows, numbers: [1, 2])
    }

    private var checks: String {
        guard !report.checks.isEmpty else { return "" }
        let rows = report.checks.map { check in
            var text = escaped(check.message)
            if let location = check.location { text += " <span class=\"quiet\">at \(location)</span>" }
            if let reason = check.reason { text += " <span class=\"quiet\">(\(escaped(reason.rawValue)))</span>" }
            if !check.details.isEmpty { text += "<pre>\(check.details.map(escaped).joined(separator: "\n"))</pre>" }
            if let hint = check.hint { text += "<p class=\"hint\">\(escaped(hint))</p>" }
            return
                "<tr><td class=\"mark \(check.verdict.rawValue)\">\(check.verdict.mark) \(check.verdict.rawValue)</td>"
                + "<td>\(check.stage.rawValue)</td><td class=\"name\">\(escaped(check.name))</td><td class=\"name\">\(text)</td></tr>"
        }
        return "<h2>Checks</h2>\n" + table(["verdict", "stage", "check", "what was found"], rows)
    }

    private var findings: String {
        guard !report.findings.isEmpty else { return "" }
        let rows = report.findings.map { finding in
            "<tr><td class=\"mark \(finding.verdict.rawValue)\">\(finding.verdict.mark) \(finding.verdict.rawValue)</td>"
                + "<td class=\"number\">\(finding.location?.line.map { String($0) } ?? "")</td>"
                + "<td>\(escaped(finding.sqlstate ?? ""))</td>"
                + "<td class=\"name\">\(escaped(finding.message))<pre>\(escaped(finding.statement))</pre></td></tr>"
        }
        return "<h2>Statements that did not run as written</h2>\n"
            + table(["verdict", "line", "SQLSTATE", "what the server said"], rows, numbers: [1])
    }

    private var tables: String {
        guard !report.tables.isEmpty else { return "" }
        func number(_ rows: UInt64?) -> String {
            "<td class=\"number\">\(rows.map { Quantity.count($0) } ?? "–")</td>"
        }
        let rows = report.tables.map { row in
            "<tr\(row.differs ? " class=\"differs\"" : "")><td class=\"name\">\(escaped(row.name.description))</td>"
                + number(row.dumpRows) + number(row.restoredRows) + number(row.referenceRows)
                + "<td class=\"proof\">\(row.proofText)</td></tr>"
        }
        return "<h2>Tables</h2>\n"
            + table(["table", "rows in the dump", "restored", "reference", "proof"], rows, numbers: [1, 2, 3])
    }

    private var facts: String {
        let backup = report.backup
        let pairs: [(String, String?)] = [
            ("Location", backup.location), ("Format", backup.format?.title),
            ("Compression", backup.compression?.rawValue), ("Size", backup.sizeBytes.map(Quantity.bytes)),
            ("SHA-256", backup.sha256?.description), ("Data as of", backup.time.asOf.map(spoken)),
            ("File finished", backup.time.completedAt.map(spoken)), ("Dumped from", backup.dumpedFrom),
            ("Dumped by", backup.dumpedBy.map { "pg_dump \($0)" }),
            ("Restored into", report.tool.postgresql.map { "PostgreSQL \($0)" }),
            ("Scratch profile", report.restore?.profile.rawValue), ("Restorable", report.tool.restorable),
        ]
        let items = pairs.compactMap { name, value in value.map { "<dt>\(name)</dt><dd>\(escaped($0))</dd>" } }
        return "<h2>The backup</h2>\n<dl>\(items.joined(separator: "\n"))</dl>"
    }

    private func table(_ headings: [String], _ rows: [String], numbers: Set<Int> = []) -> String {
        let cells = headings.enumerated().map { index, heading in
            "<th scope=\"col\"\(numbers.contains(index) ? " class=\"number\"" : "")>\(heading)</th>"
        }
        return "<div class=\"scroll\"><table><thead><tr>\(cells.joined())</tr></thead>\n<tbody>"
            + rows.map { labelled($0, headings) }.joined(separator: "\n") + "</tbody></table></div>"
    }

    /// Each cell with the heading of its column: a phone has no room for columns, and shows it beside the value.
    private func labelled(_ row: String, _ headings: [String]) -> String {
        var remaining = headings[...]
        return row.replacing(/<td/) { _ in "<td data-label=\"\(remaining.popFirst() ?? "")\"" }
    }
}
