package import Backups

/// Verifications and drills as `restorable history` shows them: a line each, the newest first, and the trends of their databases.
package struct RunList: Sendable {
    private let runs: [RunSummary]
    private let kind: RunKind?

    /// - Parameters:
    ///   - runs: the newest first.
    ///   - kind: what was asked for; `nil`: both.
    package init(_ runs: [RunSummary], kind: RunKind? = .verification) {
        self.runs = runs
        self.kind = kind
    }

    /// Ends with a newline.
    package func text(style: TerminalStyle) -> String {
        guard !runs.isEmpty else { return "no \(kind?.rawValue ?? "run") yet\n" }
        let trends = trendLines(style)
        return (tableLines(style) + (trends.isEmpty ? [] : [""] + trends)).joined(separator: "\n") + "\n"
    }

    private func tableLines(_ style: TerminalStyle) -> [String] {
        var table = AlignedTable([.right, .left, .left, .left, .left, .left, .right, .right, .right])
        table.add(["id", "database", "backup", "verdict", "proof", "finished", "took", "restore", "size"])
        for run in runs {
            let reason = run.verdict == .verified ? "" : run.reason.map { " (\($0))" } ?? ""
            table.add([
                "\(run.id)", PrintableText.line(run.database), Self.subject(run),
                "\(run.verdict.mark) \(run.verdict.rawValue)\(reason)", run.proof.rawValue, "\(run.finishedAt)",
                Quantity.duration(seconds: run.finishedAt.seconds(since: run.startedAt)),
                run.restoreSeconds.map { Quantity.duration(seconds: $0) } ?? "-",
                Quantity.bytes(run.backup.sizeBytes),
            ])
        }
        return table.lines { row, column, text in
            row == 0 ? style.dim(text) : column == 3 ? style.verdict(text, runs[row - 1].verdict) : text
        }
    }

    /// What was verified: the backup, or how far a drill from it went.
    private static func subject(_ run: RunSummary) -> String {
        PrintableText.line(run.backup.name + (run.target.map { ", drill to \($0)" } ?? ""))
    }

    private func trendLines(_ style: TerminalStyle) -> [String] {
        var table = AlignedTable([.left, .left, .left, .left])
        for trend in RunTrend.of(runs) {
            var name = PrintableText.line(trend.database)
            for (title, numbers, word) in trend.series where numbers.count > 1 {
                guard let least = numbers.min(), let most = numbers.max(), let last = numbers.last else { continue }
                table.add([name, title, Sparkline.text(numbers), "\(word(least)) … \(word(most)), last \(word(last))"])
                name = ""
            }
        }
        return table.lines { _, column, text in column == 1 || column == 3 ? style.dim(text) : text }
    }
}

/// How one database moved over the runs that are shown.
struct RunTrend {
    let database: String
    /// Seconds of the restores, the oldest first.
    let restores: [Double]
    /// Bytes of the backups, each once, the oldest first.
    let sizes: [Double]

    /// By the names of the databases.
    static func of(_ runs: [RunSummary]) -> [RunTrend] {
        // How long a drill takes depends on how far it goes.
        Dictionary(grouping: runs.filter { !$0.isDrill }, by: \.database).sorted { $0.key < $1.key }.map {
            database, runs in
            var seen: Set<BackupIdentity> = []
            // A backup's place in time is that of its data; verified again it is no new one.
            let backups = runs.filter { seen.insert($0.backup).inserted }
                .sorted { ($0.time, $0.backup.path) < ($1.time, $1.backup.path) }
            return RunTrend(
                database: database, restores: runs.sorted { $0.id < $1.id }.compactMap(\.restoreSeconds),
                sizes: backups.map { Double($0.backup.sizeBytes) })
        }
    }

    var series: [(title: String, numbers: [Double], word: (Double) -> String)] {
        [
            ("restore", restores, { Quantity.duration(seconds: $0) }),
            ("size", sizes, { Quantity.bytes(UInt64(exactly: $0) ?? .max) }),
        ]
    }
}

extension RunSummary {
    fileprivate var time: Timestamp { dataAsOf ?? backup.modified }
}
