/// What a whole verification says, drawn from its checks by pure rules: see ``Evidence/conclude()``.
package struct Conclusion: Sendable, Equatable {
    package let verdict: Verdict
    /// Of the check that decided. For a `verified` run that was asked to stop early: `stopped-early`.
    package let reason: Reason?
    /// One sentence for people.
    package let message: String
    package let hint: String?
    package let proof: Proof
    /// The last stage that was proved; `nil` when none was.
    package let provedThrough: Stage?
    /// The last stage that was asked for, where that is less than all.
    package let stoppedAfter: Stage?
    package let content: ContentProof
    /// What a reader must know beside the verdict: what was not proved, and why.
    package var notes: [String]

    package init(
        verdict: Verdict, reason: Reason?, message: String, hint: String?, proof: Proof, provedThrough: Stage?,
        stoppedAfter: Stage? = nil, content: ContentProof, notes: [String] = []
    ) {
        self.verdict = verdict
        self.reason = reason
        self.message = message
        self.hint = hint
        self.proof = proof
        self.provedThrough = provedThrough
        self.stoppedAfter = stoppedAfter
        self.content = content
        self.notes = notes
    }
}
