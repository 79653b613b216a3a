/// What the runs over one backup, taken together, say of it. Pure.
///
/// It follows the last run, but nobody takes a failure back by not looking: an `inconclusive` run (the machine's
/// trouble, or a restart that cut it off) and one that was asked to stop early leave a failed backup failed.
package struct BackupStanding: Sendable, Equatable {
    package var verdict: Verdict
    package var proof: Proof
    /// A whole verification proved that it restores, and none has failed since.
    package var isProved: Bool

    package init(verdict: Verdict, proof: Proof, isProved: Bool) {
        self.verdict = verdict
        self.proof = proof
        self.isProved = isProved
    }

    /// The part of a run's conclusion that counts.
    package struct Outcome: Sendable, Equatable {
        package var verdict: Verdict
        package var proof: Proof
        package var isStoppedEarly: Bool

        package init(_ verdict: Verdict, proof: Proof = .none, isStoppedEarly: Bool = false) {
            self.verdict = verdict
            self.proof = proof
            self.isStoppedEarly = isStoppedEarly
        }

        package init(_ conclusion: Conclusion) {
            self.init(
                conclusion.verdict, proof: conclusion.proof,
                isStoppedEarly: conclusion.stoppedAfter != nil || conclusion.reason == .stoppedEarly)
        }

        package var isWholeSuccess: Bool { verdict == .verified && !isStoppedEarly }
    }

    /// - Parameter earlier: `nil` for the first run over this backup.
    /// - Returns: what is said of the backup now, and whether this run judged it: only then do its checks count.
    package static func after(
        _ outcome: Outcome, earlier: BackupStanding?
    ) -> (standing: BackupStanding, hasJudged: Bool) {
        let isProved = outcome.verdict == .failed ? false : outcome.isWholeSuccess || earlier?.isProved ?? false
        if let earlier, earlier.verdict == .failed, outcome.verdict != .failed, !outcome.isWholeSuccess {
            return (earlier, false)
        }
        let standing = BackupStanding(verdict: outcome.verdict, proof: outcome.proof, isProved: isProved)
        return (standing, outcome.verdict != .inconclusive)
    }
}
