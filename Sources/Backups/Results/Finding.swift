/// A statement of a dump that did not run as written.
package struct Finding: Sendable, Equatable {
    /// The statement as far as it is worth reading. Bounded by the maker.
    package let statement: String
    package let location: SourceLocation?
    /// Five letters and digits of PostgreSQL's appendix A; `nil` when the server did not say.
    package let sqlstate: String?
    package let message: String
    package let verdict: Verdict
    package let reason: Reason?
    /// What to do about it.
    package let hint: String?

    package init(
        statement: String, location: SourceLocation?, sqlstate: String?, message: String, verdict: Verdict,
        reason: Reason?, hint: String? = nil
    ) {
        self.statement = statement
        self.location = location
        self.sqlstate = sqlstate
        self.message = message
        self.verdict = verdict
        self.reason = reason
        self.hint = hint
    }
}
