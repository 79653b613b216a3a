import Backups
import Logging
import Processes
import Verification

/// How the turns that the conductor starts are performed: each on a thread of its own, by real verifications.
struct TurnPerformer: Sendable {
    /// One backup, from its bytes to its verdict.
    typealias Verify = @Sendable (VerificationRequest, Cancellation, Logger) -> VerificationReport

    /// Must not block.
    var start: @Sendable (VerificationTurn) -> Void = { turn in
        DetachedThread.start(named: "verification") { turn.run() }
    }
    var verify: Verify = { request, cancellation, log in
        DumpVerification(request, progress: SilentProgress(), cancellation: cancellation, log: log).run()
    }
}
