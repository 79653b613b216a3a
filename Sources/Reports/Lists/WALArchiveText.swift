package import Backups

/// The standing of a WAL archive for people on a terminal: what was looked at, a line for each check, the base backups,
/// the timelines, and the verdict last.
package struct WALArchiveText {
    /// Base backups of which the archive can do nothing are of little interest when there are many.
    private static let mostBases = 20

    private let report: WALArchiveReport
    private let style: TerminalStyle

    package init(_ report: WALArchiveReport, style: TerminalStyle) {
        self.report = report
        self.style = style
    }

    /// Ends with a newline.
    package var text: String {
        var parts = [[heading], checkLines]
        parts += [baseLines, timelineLines, windowLines].filter { !$0.isEmpty }
        parts.append(conclusionLines)
        return parts.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    private var heading: String {
        var facts: [String] = []
        if let major = report.major { facts.append("PostgreSQL \(major)") }
        if let size = report.segmentSizeBytes { facts.append("segments of \(Quantity.bytes(size))") }
        let files = report.files
        facts.append(Quantity.count(files.segments, "segment"))
        if files.partials > 0 { facts.append(Quantity.count(files.partials, "partial")) }
        if files.histories > 0 { facts.append(Quantity.count(files.histories, "history", "histories")) }
        if files.duplicates > 0 { facts.append("\(Quantity.count(files.duplicates)) of them stored twice") }
        if files.unknown > 0 { facts.append(Quantity.count(files.unknown, "other file")) }
        return "\(style.bold(PrintableText.line(report.location)))  \(style.dim(facts.joined(separator: ", ")))"
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
            ["  " + line] + check.details.map { "      " + style.dim(PrintableText.line($0)) }
        }
    }

    private var baseLines: [String] {
        guard !report.bases.isEmpty else { return [] }
        let shown = report.bases.suffix(Self.mostBases)
        var table = AlignedTable([.left, .left, .left, .right, .left, .left])
        table.add(["base backup", "from", "consistent", "missing", "recoverable to", "state"])
        for base in shown {
            let reach = base.recoverableTo.map { "\($0) on timeline \(base.recoverableTimeline ?? base.timeline)" }
            table.add([
                PrintableText.line(base.path), "\(base.start) on timeline \(base.timeline)",
                base.stoppedAt.map { "\($0)" } ?? "-", Quantity.count(base.missingCount), reach ?? "-",
                base.state.rawValue,
            ])
        }
        let bases = Array(shown)
        let lines = table.lines { row, column, text in
            guard row > 0 else { return style.dim(text) }
            guard column == 5 else { return text }
            let base = bases[row - 1]
            switch base.state {
            case .complete: return style.verdict(text, base.isUnbroken ? .verified : .failed)
            case .incomplete, .foreign: return style.verdict(text, .failed)
            case .waiting: return style.verdict(text, .inconclusive)
            case .expired: return style.dim(text)
            }
        }
        let hidden = report.bases.count - shown.count
        let older = hidden > 0 ? ["  " + style.dim("… and \(hidden) older ones")] : []
        return lines.map { "  " + $0.trimmedEnd } + older + misleading
    }

    /// Where the setting that everyone uses leads recovery astray.
    private var misleading: [String] {
        guard let base = report.oldestComplete, let latest = base.misleadingLatest, let target = base.targetTimeline
        else { return [] }
        return [
            "  " + style.dim("note")
                + "  recovery_target_timeline = latest finds timeline \(latest), which does not come "
                + "from this base backup: set it to \(target)"
        ]
    }

    private var timelineLines: [String] {
        guard !report.timelines.isEmpty else { return [] }
        var table = AlignedTable([.right, .right, .left, .left, .left])
        table.add(["timeline", "segments", "first", "last", "branched off"])
        for timeline in report.timelines {
            let origin = timeline.parent.map { "timeline \($0) at \(timeline.branchedAt ?? "?")" }
            table.add([
                String(timeline.number), Quantity.count(timeline.segments), timeline.first ?? "-", timeline.last ?? "-",
                origin ?? "-",
            ])
        }
        return table.lines { row, _, text in row == 0 ? style.dim(text) : text }.map { "  " + $0.trimmedEnd }
    }

    private var windowLines: [String] {
        let window = report.window
        guard window.start != nil || window.end != nil || window.unknown != nil else { return [] }
        var table = AlignedTable([.left, .left])
        if let start = window.start {
            let end = window.end.map { "to \($0)" } ?? "to an unknown moment"
            table.add(["recovery window", "from \(start) \(end)"])
        } else if let end = window.end {
            table.add(["recoverable until", "\(end)"])
        }
        if let unknown = window.unknown { table.add(["times unknown", PrintableText.line(unknown)]) }
        return table.lines { _, column, text in column == 0 ? style.dim(text) : text }.map { "  " + $0 }
    }

    private var conclusionLines: [String] {
        let verdict = report.verdict
        let check = report.decisive ?? report.checks.first
        var lines: [String] = []
        if let hint = report.decisive?.hint { lines.append(style.dim("HINT") + "  " + PrintableText.line(hint)) }
        let reason = report.decisive?.reason.map { " (\($0))" } ?? ""
        let message = PrintableText.line(check?.message ?? "nothing was checked")
        lines.append(
            "\(style.badge(verdict.rawValue.uppercased(), verdict)) "
                + "\(style.bold(PrintableText.line(report.location))): \(message)\(reason)")
        return lines
    }
}
