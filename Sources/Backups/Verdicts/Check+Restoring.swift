extension Check {
    /// A check as it was made earlier, with every part as it was kept. New checks are made by ``verified(_:in:_:details:)``
    /// and its like, which know what parts belong to which verdict.
    package init(
        restoring name: String, stage: Stage, verdict: Verdict, reason: Reason?, message: String, hint: String?,
        location: SourceLocation?, details: [String]
    ) {
        self.name = name
        self.stage = stage
        self.verdict = verdict
        self.reason = reason
        self.message = message
        self.hint = hint
        self.location = location
        self.details = details
    }
}
