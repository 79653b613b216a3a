import Backups

/// What the runs over one backup, taken together, say of it. Pure.
///
/// It follows the last run, but nobody takes a failure back by not looking: an `inconclusive` run (the machine's
/// trouble, or a restart that cut it off) and one that was asked to stop early leave a failed backup failed.
struct BackupStanding: Sendable, Equatable {
    var verdict: Verdict
    var proof: Proof
    /// A whole verification proved that it restores, and none has failed since.
    var isProved: Bool

    /// The part of a run's conclusion that counts.
    struct Outcome: Sendable, Equatable {
        var verdict: Verdict
        var proof: Proof
        var isStoppedEarly: Bool

        init(_ verdict: Verdict, proof: Proof = .none, isStoppedEarly: Bool = false) {
            self.verdict = verdict
            self.proof = proof
            self.isStoppedEarly = isStoppedEarly
        }

        init(_ conclusion: Conclusion) {
            self.init(
                conclusion.verdict, proof: conclusion.proof,
                isStoppedEarly: conclusion.stoppedAfter != nil || conclusion.reason == .stoppedEarly)
        }

        var isWholeSuccess: Bool { verdict == .verified && !isStoppedEarly }
    }

    /// - Parameter earlier: `nil` for the first run over this backup.
    /// - Returns: what is said of the backup now, and whether this run judged it: only then do its checks count.
    static func after(_ outcome: Outcome, earlier: BackupStanding?) -> (standing: BackupStanding, hasJudged: Bool) {
        let isProved = outcome.verdict == .failed ? false : outcome.isWholeSuccess || earlier?.isProved ?? false
        if let earlier, earlier.verdict == .failed, outcome.verdict != .failed, !outcome.isWholeSuccess {
            return (earlier, false)
        }
        let standing = BackupStanding(verdict: outcome.verdict, proof: outcome.proof, isProved: isProved)
        return (standing, outcome.verdict != .inconclusive)
    }
}
