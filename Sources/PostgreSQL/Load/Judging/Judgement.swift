package import Backups

/// What an error of one statement means.
package enum Judgement: Sendable, Equatable {
    case harmless(HarmlessError)
    /// A finding.
    case finding(Verdict, Reason, because: String, hint: String?)
    /// The load must end.
    case stop(Reason, because: String, hint: String?)

    package var isInconclusive: Bool {
        if case .finding(.inconclusive, _, _, _) = self { return true }
        return false
    }
}
