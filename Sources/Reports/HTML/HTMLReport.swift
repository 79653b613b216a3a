package import Backups

/// Reports as one HTML file that needs nothing else: no script, no font, no picture from anywhere.
package struct HTMLReport {
    let reports: [VerificationReport]

    package init(_ reports: [VerificationReport]) {
        self.reports = reports
    }

    package var text: String {
        let verdict = Verdict.combining(reports.map(\.conclusion.verdict))
        let title =
            reports.count == 1
            ? "\(verdict.rawValue): \(reports[0].database ?? reports[0].backup.name)"
            : "\(verdict.rawValue): \(Quantity.count(UInt64(reports.count), "backup"))"
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(HTMLText.escaped(title))</title>
            <style>
            \(HTMLStyle.sheet)
            </style>
            </head>
            <body>
            <main>
            \(reports.map { HTMLArticle($0).text }.joined(separator: "\n"))
            <footer>\(footer)</footer>
            </main>
            </body>
            </html>

            """
    }

    private var footer: String {
        guard let last = reports.map(\.finishedAt).max() else { return "Nothing was verified." }
        return "Written by Restorable \(HTMLText.escaped(ToolVersion.current)) at \(last). "
            + "<b>verified</b>: it was proved to restore. <b>failed</b>: the backup is at fault. "
            + "<b>inconclusive</b>: it could not be checked; the backup is not to blame."
    }
}
