/// Thrown when a run that is to end is not in the history any more (its database was forgotten), or has ended there.
package struct LostRun: Error, Sendable, CustomStringConvertible {
    package let run: RunID
    /// One sentence.
    package let description: String

    package init(_ run: RunID, _ description: String) {
        self.run = run
        self.description = description
    }
}
