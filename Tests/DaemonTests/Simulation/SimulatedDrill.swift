import Backups
import Verification

/// What a simulated drill comes to: `inconclusive` where the machine can't recover, else `verified`.
struct SimulatedDrill {
    let request: DrillRequest
    let condition: SimulatedRuns.Condition

    func make(at moment: Timestamp) -> VerificationReport {
        let verdict = condition.canRecover ? Verdict.verified : .inconclusive
        let parts = request.base.backup.split(separator: "/")
        var report = VerificationReport(
            database: request.base.database,
            backup: BackupFacts(
                location: "/" + parts.dropLast().joined(separator: "/"), name: parts.last.map(String.init) ?? ""),
            conclusion: Conclusion(
                verdict: verdict, reason: condition.canRecover ? nil : .serverFailed,
                message: condition.canRecover ? "it was recovered" : "no server can be started", hint: nil,
                proof: condition.canRecover ? .itself : .none, provedThrough: nil, content: .proved),
            restore: condition.canRecover
                ? RestoreFacts(seconds: condition.recoverySeconds, profile: .fast, bytes: 1 << 20) : nil,
            startedAt: moment, finishedAt: moment)
        var facts = DrillFacts(target: "\(request.target)", archive: request.archive, files: 3, bytes: 3 << 20)
        if condition.canRecover { (facts.replaySeconds, facts.promoteSeconds) = (0.5, 0.25) }
        report.drill = facts
        return report
    }
}
