/// What the drills of one database showed. All but the next turn comes from the history, and survives a restart.
///
/// Verifications have no part in it, nor it in what is said of backups: a backup that restores by itself may still lack the
/// log that brings it further, and the other way round.
package struct DrillRecord: Sendable, Equatable {
    /// The verdict of the last drill; one that could not be made leaves a failure standing, for nobody takes one back by not
    /// looking. `nil` when there was none.
    package var status: Verdict?
    /// Since when it is that.
    package var statusSince: Timestamp?
    package var lastRun: Timestamp?
    /// When a drill last ended as `verified`.
    package var lastSuccess: Timestamp?
    /// Since the history began.
    package var runs: [Verdict: UInt64] = [:]
    /// The last one, whatever came of it.
    package var last: PastDrill?
    /// The last one that was verified.
    package var lastVerified: PastDrill?
    /// The one that the status is drawn from.
    package var deciding: PastDrill?

    /// How far drills are to recover, as it is configured; this and what follows is not for the history to say.
    package var target = ""
    /// When drills were first configured: "never drilled" is judged from here.
    package var since: Timestamp?
    /// A verified drill is due this often.
    package var every: Duration?
    package var nextRun: Timestamp?
    /// Why a turn that is due does not begin; `nil` when none is due, or it runs.
    package var hindrance: Hindrance?
    package var isRunning = false

    package init() {}

    /// Takes in one more drill, as the history does when it ends.
    /// - Parameter run: `nil` where the history does not hold it yet.
    package mutating func note(_ report: VerificationReport, run: RunID? = nil) {
        guard let drill = PastDrill(report, run: run) else { return }
        let verdict = drill.verdict
        lastRun = drill.finishedAt
        runs[verdict, default: 0] += 1
        last = drill
        if verdict == .verified {
            lastSuccess = drill.finishedAt
            lastVerified = drill
        }
        let new = Self.status(after: verdict, earlier: status)
        if new != status { statusSince = drill.finishedAt }
        status = new
        if new == verdict { deciding = drill }
    }

    /// What is said after a drill.
    /// - Parameter earlier: `nil` for the first.
    package static func status(after verdict: Verdict, earlier: Verdict?) -> Verdict {
        verdict == .inconclusive && earlier == .failed ? .failed : verdict
    }
}

/// One drill that has ended.
package struct PastDrill: Sendable, Equatable {
    /// `nil` where the history does not hold it yet.
    package var run: RunID?
    /// Name of the base backup.
    package var base: String
    package var verdict: Verdict
    package var reason: Reason?
    package var message: String
    package var hint: String?
    package var startedAt: Timestamp
    package var finishedAt: Timestamp
    /// Seconds from the first byte of the base backup until the recovered server answered; `nil` when it did not.
    package var recoverySeconds: Double?
    package var rpo: ObjectiveResult?
    package var rto: ObjectiveResult?
    package var facts: DrillFacts

    package init(
        run: RunID?, base: String, verdict: Verdict, reason: Reason?, message: String, hint: String?,
        startedAt: Timestamp, finishedAt: Timestamp, recoverySeconds: Double?, rpo: ObjectiveResult?,
        rto: ObjectiveResult?, facts: DrillFacts
    ) {
        self.run = run
        self.base = base
        self.verdict = verdict
        self.reason = reason
        self.message = message
        self.hint = hint
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.recoverySeconds = recoverySeconds
        self.rpo = rpo
        self.rto = rto
        self.facts = facts
    }

    /// `nil` for the report of a verification.
    package init?(_ report: VerificationReport, run: RunID?) {
        guard let facts = report.drill else { return nil }
        let conclusion = report.conclusion
        self.init(
            run: run, base: report.backup.name, verdict: conclusion.verdict, reason: conclusion.reason,
            message: conclusion.message, hint: conclusion.hint, startedAt: report.startedAt,
            finishedAt: report.finishedAt, recoverySeconds: report.restore?.seconds, rpo: report.rpo, rto: report.rto,
            facts: facts)
    }
}
