import Backups
import Logging
import Processes
import Verification

/// How the turns that the conductor starts are performed: each on a thread of its own, by real verifications.
struct TurnPerformer: Sendable {
    /// One backup, from its bytes to its verdict.
    typealias Verify = @Sendable (VerificationRequest, Cancellation, Logger) -> VerificationReport

    /// One recovery to a point in time, from a base backup to its verdict.
    typealias Recover = @Sendable (DrillRequest, Cancellation, Logger) -> VerificationReport

    /// Must not block.
    var start: @Sendable (VerificationTurn) -> Void = { turn in
        DetachedThread.start(named: "verification") { turn.run() }
    }
    /// Must not block.
    var startDrill: @Sendable (DrillTurn) -> Void = { turn in
        DetachedThread.start(named: "drill") { turn.run() }
    }
    var recover: Recover = { request, cancellation, log in
        Drill(request, progress: SilentProgress(), cancellation: cancellation, log: log).run()
    }
    var verify: Verify = { request, cancellation, log in
        DumpVerification(request, progress: SilentProgress(), cancellation: cancellation, log: log).run()
    }
}
