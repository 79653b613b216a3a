/// Thrown when a check could not be made. It becomes an `inconclusive` verdict, never a `failed` one.
package struct Obstacle: Error, Sendable, CustomStringConvertible {
    package let reason: Reason
    /// One plain sentence: what stood in the way.
    package let message: String
    /// What to do about it.
    package let hint: String?
    package let cause: (any Error)?

    package init(_ reason: Reason, _ message: String, hint: String? = nil, cause: (any Error)? = nil) {
        self.reason = reason
        self.message = message
        self.hint = hint
        self.cause = cause
    }

    package var description: String {
        var text = "\(message) (\(reason))"
        if let cause { text += ": \(cause)" }
        if let hint { text += "\nHINT: \(hint)" }
        return text
    }
}
