import Backups

extension VerificationPage {
    var stages: String {
        guard !report.stages.isEmpty else { return "" }
        let longest = max(report.stages.map(\.seconds).max() ?? 0, 0.001)
        let rows = report.stages.map { stage in
            let width = TrendChart.digits(max(0.5, stage.seconds / longest * 100))
            return "<tr><td>\(stage.stage.rawValue)</td>"
                + "<td class=\"number\">\(Quantity.duration(seconds: stage.seconds))</td>"
                + "<td class=\"number\">\(stage.bytes.map(Quantity.bytes) ?? "")</td>"
                + "<td class=\"bars\"><svg class=\"bar\" viewBox=\"0 0 100 4\" preserveAspectRatio=\"none\" "
                + "aria-hidden=\"true\"><rect class=\"share\" width=\"\(width)\" height=\"4\"/></svg></td></tr>"
        }
        return "<h2>Stages</h2>\n" + HTML.table("Stages", ["stage", "time", "bytes", ""], rows, numbers: [1, 2])
    }

    var checks: String {
        guard !report.checks.isEmpty else { return "" }
        let rows = report.checks.map { check in
            var text = HTML.escaped(check.message)
            if let location = check.location {
                text += " <span class=\"quiet\">at \(HTML.escaped("\(location)"))</span>"
            }
            if let reason = check.reason { text += " <span class=\"quiet\">(\(HTML.escaped(reason.rawValue)))</span>" }
            if !check.details.isEmpty {
                text += "<pre>\(check.details.map(HTML.lines).joined(separator: "\n"))</pre>"
            }
            if let hint = check.hint { text += "<p class=\"hint\">\(HTML.escaped(hint))</p>" }
            return "<tr><td>\(HTML.mark(check.verdict))</td><td>\(check.stage.rawValue)</td>"
                + "<td class=\"name\">\(HTML.escaped(check.name))</td><td class=\"name\">\(text)</td></tr>"
        }
        return "<h2>Checks</h2>\n" + HTML.table("Checks", ["verdict", "stage", "check", "what was found"], rows)
    }

    var findings: String {
        guard !report.findings.isEmpty else { return "" }
        let rows = report.findings.map { finding in
            "<tr><td>\(HTML.mark(finding.verdict))</td>"
                + "<td class=\"number\">\(finding.location?.line.map { String($0) } ?? "")</td>"
                + "<td>\(HTML.escaped(finding.sqlstate ?? ""))</td><td class=\"name\">\(HTML.escaped(finding.message))"
                + "<pre>\(HTML.lines(finding.statement))</pre></td></tr>"
        }
        return "<h2>Statements that did not run as written</h2>\n"
            + HTML.table("Statements", ["verdict", "line", "SQLSTATE", "what the server said"], rows, numbers: [1])
    }

    var tables: String {
        guard !report.tables.isEmpty else { return "" }
        let rows = report.tables.map { row in
            "<tr\(row.differs ? " class=\"differs\"" : "")>"
                + "<td class=\"name\">\(HTML.escaped(row.name.description))</td>" + HTML.number(row.dumpRows)
                + HTML.number(row.restoredRows) + HTML.number(row.referenceRows)
                + "<td class=\"proof\">\(row.proofText)</td></tr>"
        }
        return "<h2>Tables</h2>\n"
            + HTML.table(
                "Tables", ["table", "rows in the dump", "restored", "reference", "proof"], rows, numbers: [1, 2, 3])
    }

    var backup: String {
        let backup = report.backup
        let pairs: [(String, String?)] = [
            ("Location", backup.location), ("Format", backup.format?.rawValue),
            ("Compression", backup.compression?.rawValue), ("Size", backup.sizeBytes.map(Quantity.bytes)),
            ("SHA-256", backup.sha256?.description), ("Data as of", backup.time.asOf?.description),
            ("File finished", backup.time.completedAt?.description), ("Dumped from", backup.dumpedFrom),
            ("Dumped by", backup.dumpedBy.map { "pg_dump \($0)" }),
            ("Restored into", report.tool.postgresql.map { "PostgreSQL \($0)" }),
            ("Scratch profile", report.restore?.profile.rawValue), ("Restorable", report.tool.restorable),
        ]
        let items = pairs.compactMap { name, value in value.map { "<dt>\(name)</dt><dd>\(HTML.escaped($0))</dd>" } }
        return "<h2>The backup</h2>\n<dl class=\"pairs\">\(items.joined(separator: "\n"))</dl>"
    }
}
