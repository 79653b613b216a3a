import Backups

/// What signs a request. Nothing of it is ever printed.
struct AWSCredentials: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let accessKey: String
    let secretKey: String
    /// Of temporary credentials.
    var sessionToken: String?
    /// When they cease to be valid; `nil` for those that last.
    var expiresAt: Timestamp?

    var description: String { "credentials" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
