/// What the process says to its caller. The numbers are a contract.
package enum ExitStatus: Int32, Sendable {
    /// Every backup asked for is verified.
    case verified = 0
    /// At least one verdict is `failed`; nothing else ever gives 1.
    case failed = 1
    /// None failed, but at least one is `inconclusive`.
    case inconclusive = 2
    case usage = 64
    case internalError = 70
    case configuration = 78

    /// The status for these verdicts. Nothing asked for is not success.
    package init(of verdicts: some Sequence<Verdict>) {
        switch Verdict.combining(verdicts) {
        case .verified: self = .verified
        case .failed: self = .failed
        case .inconclusive: self = .inconclusive
        }
    }
}
