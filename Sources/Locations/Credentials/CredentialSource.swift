import Backups

/// One place where credentials may come from.
protocol CredentialSource: Sendable {
    /// - Returns: `nil` where this place is not set up.
    /// - Throws: ``Obstacle`` `authentication-failed` when it is set up and gives none: no other place is asked then,
    ///   for whoever set it up meant it.
    func fetch(cancellation: Cancellation) throws -> AWSCredentials?
}
