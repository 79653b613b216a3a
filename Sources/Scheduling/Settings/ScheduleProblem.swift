/// A schedule, a window or a time zone in the configuration that can't be used.
package struct ScheduleProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// One sentence without its full stop: what is wrong, and what is allowed.
    package let message: String

    package init(_ message: String) {
        self.message = message
    }

    package var description: String { message }
}
