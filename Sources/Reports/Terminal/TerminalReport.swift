package import Backups

/// One report for people on a terminal: what was looked at, a line for each check, the verdict as the last line, where
/// the eye rests when the prompt comes back.
package struct TerminalReport {
    private static let mostTables = 12
    private static let mostDetails = 12
    private static let mostFindings = 8

    let report: VerificationReport
    let style: TerminalStyle
    /// Every table, every finding.
    let isVerbose: Bool

    package init(_ report: VerificationReport, style: TerminalStyle, isVerbose: Bool = false) {
        self.report = report
        self.style = style
        self.isVerbose = isVerbose
    }

    /// Ends with a newline.
    package var text: String {
        var lines = [heading]
        lines += [""] + checkLines
        let tables = tableLines
        if !tables.isEmpty { lines += [""] + tables }
        let findings = findingLines
        if !findings.isEmpty { lines += [""] + findings }
        let facts = factLines
        if !facts.isEmpty { lines += [""] + facts }
        lines += [""] + conclusionLines
        return lines.joined(separator: "\n") + "\n"
    }

    private var heading: String {
        let backup = report.backup
        var facts: [String] = []
        if let format = backup.format { facts.append(format.title) }
        if let compression = backup.compression, compression != .none { facts.append(compression.rawValue) }
        if let size = backup.sizeBytes { facts.append(Quantity.bytes(size)) }
        if let content = backup.contentBytes, content != backup.sizeBytes {
            facts.append("\(Quantity.bytes(content)) of content")
        }
        if let from = backup.dumpedFrom { facts.append("PostgreSQL \(PrintableText.line(from))") }
        let name = style.bold(PrintableText.line(backup.name))
        return facts.isEmpty ? name : "\(name)  \(style.dim(facts.joined(separator: ", ")))"
    }

    private var checkLines: [String] {
        var table = AlignedTable([.left, .left, .left])
        for check in report.checks {
            table.add([check.verdict.mark, PrintableText.line(check.name), PrintableText.line(check.message)])
        }
        let lines = table.lines { row, column, text in
            column == 0 ? style.verdict(text, report.checks[row].verdict) : text
        }
        return zip(lines, report.checks).flatMap { line, check in
            ["  " + line] + details(of: check).map { "      " + style.dim($0) }
        }
    }

    private func details(of check: Check) -> [String] {
        guard check.verdict != .verified || isVerbose else { return [] }
        var lines: [String] = []
        if let location = check.location { lines.append("at \(location)") }
        let shown = isVerbose ? check.details[...] : check.details.prefix(Self.mostDetails)
        lines += shown.map(PrintableText.line)
        if shown.count < check.details.count { lines.append("… \(check.details.count - shown.count) more lines") }
        return lines
    }

    /// Tables that differ always; all of them only when they are few.
    private var tableLines: [String] {
        let isShort = isVerbose || report.tables.count <= Self.mostTables
        let candidates = isShort ? report.tables : report.tables.filter(\.differs)
        let shown = isVerbose ? candidates[...] : candidates.prefix(Self.mostTables)
        guard !shown.isEmpty else { return [] }
        var columns: [(title: String, rows: (TableResult) -> UInt64?)] = []
        // A base backup does not show its rows before it was recovered.
        if report.drill == nil { columns.append(("in the dump", { $0.dumpRows })) }
        if shown.contains(where: { $0.restoredRows != nil }) { columns.append(("restored", { $0.restoredRows })) }
        if shown.contains(where: { $0.referenceRows != nil }) { columns.append(("reference", { $0.referenceRows })) }
        var table = AlignedTable([.left] + columns.map { _ in .right })
        table.add(["table"] + columns.map(\.title))
        for result in shown {
            let counts = columns.map { column in column.rows(result).map { Quantity.count($0) } ?? "-" }
            table.add([PrintableText.line(result.name.description)] + counts)
        }
        let rows = Array(shown)
        let lines = table.lines { row, _, text in
            row == 0 ? style.dim(text) : rows[row - 1].differs ? style.verdict(text, .failed) : text
        }
        let rest = candidates.count - shown.count
        return lines.map { "  " + $0 } + (rest == 0 ? [] : [style.dim("  … \(rest) more tables")])
    }

    private var findingLines: [String] {
        let shown = isVerbose ? report.findings[...] : report.findings.prefix(Self.mostFindings)
        var lines = shown.flatMap { finding in
            let place = finding.location.map { "\($0): " } ?? ""
            let state = finding.sqlstate.map { " [\($0)]" } ?? ""
            return [
                "  " + style.verdict(finding.verdict.mark, finding.verdict) + "  "
                    + PrintableText.line(place + finding.message + state),
                "      " + style.dim(PrintableText.line(finding.statement)),
            ]
        }
        let rest = report.findings.count - shown.count
        if rest > 0 { lines.append(style.dim("  … \(rest) more statements")) }
        return lines
    }

    private var factLines: [String] {
        var table = AlignedTable([.left, .left])
        if let digest = report.backup.sha256 { table.add(["sha256", digest.description]) }
        if let time = report.backup.time.asOf { table.add(["data as of", time.description]) }
        if let line = objectiveText(report.rpo, verb: "would be lost") { table.add(["RPO", line]) }
        if let line = objectiveText(report.rto, verb: "to restore") { table.add(["RTO", line]) }
        if let drill = report.drill { for row in Self.recovery(drill) { table.add(row) } }
        let times = report.stages.map { "\($0.stage.rawValue) \(Quantity.duration(seconds: $0.seconds))" }
        if !times.isEmpty { table.add(["took", times.joined(separator: ", ")]) }
        for note in report.conclusion.notes { table.add(["note", note]) }
        return table.lines { _, column, text in column == 0 ? style.dim(text) : text }.map { "  " + $0 }
    }

    private static func recovery(_ drill: DrillFacts) -> [[String]] {
        var rows = [["target", PrintableText.line(drill.target)]]
        if let end = drill.end {
            rows.append(["recovered to", end + (drill.timeline.map { ", timeline \($0)" } ?? "")])
        }
        var replay = "\(Quantity.count(UInt64(drill.files), "archived file")), \(Quantity.bytes(drill.bytes))"
        if let seconds = drill.replaySeconds {
            replay += ", in \(Quantity.duration(seconds: seconds))"
            if seconds > 0 { replay += " (\(Quantity.bytes(UInt64(Double(drill.bytes) / seconds)))/s)" }
        }
        rows.append(["replayed", replay])
        if let seconds = drill.promoteSeconds { rows.append(["promoted in", Quantity.duration(seconds: seconds)]) }
        return rows
    }

    private func objectiveText(_ result: ObjectiveResult?, verb: String) -> String? {
        guard let result, result.objectiveSeconds != nil else { return nil }
        let basis = style.dim("(\(result.basis))")
        guard let measured = result.measuredSeconds, let objective = result.objectiveSeconds else {
            return "unknown \(basis)"
        }
        let word =
            switch result.isMet {
            case true: style.verdict("met", .verified)
            case false: style.verdict("not met", .failed)
            case nil: style.verdict("not proved", .inconclusive)
            }
        return "\(word): \(Quantity.duration(seconds: measured)) \(verb), objective "
            + "\(Quantity.duration(seconds: objective)) \(basis)"
    }

    private var conclusionLines: [String] {
        let conclusion = report.conclusion
        let badge = style.badge(conclusion.verdict.rawValue.uppercased(), conclusion.verdict)
        let reason = conclusion.verdict == .verified ? "" : conclusion.reason.map { " (\($0))" } ?? ""
        let name = PrintableText.line(report.database ?? report.backup.name)
        var lines: [String] = []
        if let hint = conclusion.hint { lines.append(style.dim("HINT") + "  " + PrintableText.line(hint)) }
        if conclusion.verdict == .verified { lines.append(style.dim(proofText)) }
        lines.append("\(badge) \(style.bold(name)): \(PrintableText.line(conclusion.message))\(reason)")
        return lines
    }

    private var proofText: String {
        let conclusion = report.conclusion
        let through = conclusion.provedThrough?.rawValue ?? "nothing"
        return "proof: \(conclusion.proof.title); proved through: \(through); content: \(conclusion.content.rawValue)"
    }
}
