import Backups

extension VerificationFacts {
    /// These facts after verifications that the history does not hold yet: a bad verdict shows all the same.
    func after(_ unwritten: [HistoryKeeper.Unwritten]) -> VerificationFacts {
        unwritten.reduce(into: self) { facts, entry in
            let (report, verdict) = (entry.report, entry.report.conclusion.verdict)
            if facts.status != verdict { facts.statusSince = report.finishedAt }
            facts.status = verdict
            facts.proof = report.conclusion.proof
            facts.lastRun = report.finishedAt
            facts.runs[verdict, default: 0] += 1
            if verdict == .verified, report.conclusion.stoppedAfter == nil { facts.lastSuccess = report.finishedAt }
        }
    }
}
