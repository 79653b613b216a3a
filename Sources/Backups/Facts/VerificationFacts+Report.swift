extension VerificationFacts {
    /// What one verification alone tells, where there is no history.
    package init(_ report: VerificationReport) {
        self.init()
        let conclusion = report.conclusion
        status = conclusion.verdict
        statusSince = report.finishedAt
        proof = conclusion.proof
        lastRun = report.finishedAt
        runs[conclusion.verdict] = 1
        knownBad = conclusion.verdict == .failed ? 1 : 0
        for timing in report.stages { stageSeconds[timing.stage] = timing.seconds }
        for check in report.checks where check.verdict != .inconclusive {
            checks[check.name] = check.verdict == .verified
        }
        freshness = report.freshness
        guard conclusion.verdict == .verified, conclusion.stoppedAfter == nil else { return }
        lastSuccess = report.finishedAt
        verifiedBackupTime = report.backup.time.asOf
        if let restore = report.restore {
            let rows = report.tables.compactMap(\.restoredRows)
            restored = RestoredFacts(
                seconds: restore.seconds, bytes: restore.bytes, rows: rows.reduce(0, &+), tables: UInt64(rows.count))
        }
        mismatchedTables = 0
    }
}
