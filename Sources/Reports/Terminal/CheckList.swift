package import Backups

/// Checks that are no verification of a backup: of `compare`, of `manifest check`.
package struct CheckList {
    package let checks: [Check]
    package let tables: [TableResult]

    package init(_ checks: [Check], tables: [TableResult]) {
        self.checks = checks
        self.tables = tables
    }

    package var verdict: Verdict { Verdict.combining(checks.map(\.verdict)) }

    /// One line a check, what differs below it, the verdict last. Ends with a newline.
    package func text(style: TerminalStyle) -> String {
        var table = AlignedTable([.left, .left, .left])
        for check in checks {
            table.add([check.verdict.mark, PrintableText.line(check.name), PrintableText.line(check.message)])
        }
        let lines = table.lines { row, column, text in column == 0 ? style.verdict(text, checks[row].verdict) : text }
        var output: [String] = []
        for (line, check) in zip(lines, checks) {
            output.append("  " + line)
            guard check.verdict != .verified else { continue }
            output += check.details.map { "      " + style.dim(PrintableText.line($0)) }
            if let hint = check.hint { output.append("      " + style.dim("HINT  " + PrintableText.line(hint))) }
        }
        let reason = checks.first { $0.verdict == verdict }?.reason.map { "(\($0))" } ?? ""
        output += ["", style.badge(verdict.rawValue.uppercased(), verdict) + reason]
        return output.joined(separator: "\n").trimmedEnd + "\n"
    }

    package var json: JSONValue {
        .object([
            .init("version", .integer(1)), .init("verdict", .string(verdict.rawValue)),
            .init("checks", .array(checks.map(\.json))), .init("tables", .array(tables.map(\.json))),
        ])
    }
}

extension String {
    /// Without blanks at its end.
    var trimmedEnd: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
