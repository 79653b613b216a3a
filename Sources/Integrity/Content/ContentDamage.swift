package import Backups

/// Thrown by readers and stages when the bytes of a backup are not what their format says: the backup is at fault.
/// It becomes a `failed` check.
package struct ContentDamage: Error, Sendable, CustomStringConvertible {
    /// The name of the check that found it: `gzip`, `zstd`, `trailer`, `structure`, …
    package let check: String
    package let reason: Reason
    /// One plain sentence, with the place in the stored bytes where that is known.
    package let message: String
    package let location: SourceLocation?

    package init(_ check: String, _ reason: Reason, _ message: String, at location: SourceLocation? = nil) {
        self.check = check
        self.reason = reason
        self.message = message
        self.location = location
    }

    package var description: String { location.map { "\(message), at \($0)" } ?? message }
}
