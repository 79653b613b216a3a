import Backups

extension VerificationFacts {
    /// These facts after verifications that the history does not hold yet: a bad verdict shows all the same. They are
    /// drawn as the history will draw them, by the newest backup and not by what ended last.
    /// - Parameter present: the backups that are there now.
    func after(_ unwritten: [HistoryKeeper.Unwritten], present: Set<BackupIdentity>) -> VerificationFacts {
        var facts = self
        var standings: [BackupIdentity: BackupStanding] = [:]
        if let source, let status {
            standings[source.backup] = BackupStanding(verdict: status, proof: proof, isProved: false)
        }
        for entry in unwritten where entry.report.drill == nil {
            let outcome = BackupStanding.Outcome(entry.report.conclusion)
            let earlier = standings[entry.backup] ?? lastVerdict(of: entry.backup)
            let (standing, hasJudged) = BackupStanding.after(outcome, earlier: earlier)
            standings[entry.backup] = standing
            let isNewest = facts.source.map { $0.backup == entry.backup || $0.time <= entry.time } ?? true
            let decides = isNewest && standing.verdict == outcome.verdict
            facts.note(entry.report, decides: decides, judges: hasJudged)
            if decides {
                let conclusion = entry.report.conclusion
                facts.source = StatusSource(
                    backup: entry.backup, time: entry.time, run: nil, message: conclusion.message,
                    hint: conclusion.hint)
            }
            guard present.contains(entry.backup) else { continue }
            facts.knownBad += (standing.verdict == .failed ? 1 : 0) - (earlier?.verdict == .failed ? 1 : 0)
        }
        return facts
    }

    /// As far as the newest runs tell.
    private func lastVerdict(of backup: BackupIdentity) -> BackupStanding? {
        recent.reversed().filter { $0.backup == backup }.reduce(nil) { earlier, run in
            let outcome = BackupStanding.Outcome(
                run.verdict, proof: run.proof, isStoppedEarly: run.reason == .stoppedEarly)
            return BackupStanding.after(outcome, earlier: earlier).standing
        }
    }
}

extension HistoryKeeper.Unwritten {
    /// The place of its backup among the others, as the history orders them.
    fileprivate var time: Timestamp {
        report.backup.time.asOf ?? report.backup.time.completedAt ?? backup.modified
    }
}
