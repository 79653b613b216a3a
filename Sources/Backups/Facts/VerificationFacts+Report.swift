extension VerificationFacts {
    /// Takes in one more run, as the history does when it ends.
    /// - Parameters:
    ///   - decides: the status is that of this run.
    ///   - judges: its checks are those of the last run that was judged.
    package mutating func note(_ report: VerificationReport, decides: Bool, judges: Bool) {
        let conclusion = report.conclusion
        let outcome = BackupStanding.Outcome(conclusion)
        lastRun = report.finishedAt
        runs[conclusion.verdict, default: 0] += 1
        stageSeconds = report.stages.reduce(into: [:]) { $0[$1.stage, default: 0] += $1.seconds }
        if decides {
            if status != conclusion.verdict { statusSince = report.finishedAt }
            (status, proof) = (conclusion.verdict, conclusion.proof)
        }
        let totals = TableTotals(report)
        if judges {
            // Of several checks with one name, one that failed speaks for all.
            checks = report.checks.filter { $0.verdict != .inconclusive }.reduce(into: [:]) {
                $0[$1.name] = $1.verdict == .verified && $0[$1.name] != false
            }
            mismatchedTables = totals.mismatched
            freshness = report.freshness
        }
        if outcome.isWholeSuccess {
            lastSuccess = report.finishedAt
        }
        if conclusion.verdict == .verified, let restore = report.restore {
            restored = RestoredFacts(
                seconds: restore.seconds, bytes: restore.bytes, rows: totals.restoredRows,
                tables: totals.restoredTables)
        }
    }
}
