import Backups
import Synchronization

/// Credentials from the first place that has some, kept until shortly before they expire.
///
/// The order is that of the AWS SDKs ("Standardized credential providers", AWS SDKs and Tools Reference Guide).
final class CredentialChain: Sendable {
    /// Refreshed this long before they expire: longer than any request waits for its answer to begin.
    private static let margin = 300.0

    private let sources: [any CredentialSource]
    private let clock: @Sendable () -> Timestamp
    private let known = Mutex<AWSCredentials?>(nil)

    init(_ sources: [any CredentialSource], clock: @escaping @Sendable () -> Timestamp = { .now() }) {
        self.sources = sources
        self.clock = clock
    }

    /// - Parameter refused: credentials that the store called expired: they are not given again.
    /// - Throws: ``Obstacle`` `authentication-failed` when there are none.
    func credentials(insteadOf refused: AWSCredentials? = nil, cancellation: Cancellation) throws -> AWSCredentials {
        if let known = known.withLock({ $0 }), known != refused, !isExpiring(known) { return known }
        // Not under the lock: a source may wait for a server. Two threads that ask at the same time both get fresh
        // ones.
        for source in sources {
            guard let found = try source.fetch(cancellation: cancellation) else { continue }
            known.withLock { $0 = found }
            return found
        }
        throw Obstacle(
            .authenticationFailed, "no credentials for S3 were found",
            hint:
                "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give this machine or pod a role; "
                + "AWS_NO_SIGN_REQUEST=true reads a public bucket without any.")
    }

    private func isExpiring(_ credentials: AWSCredentials) -> Bool {
        guard let expiresAt = credentials.expiresAt else { return false }
        return expiresAt.seconds(since: clock()) < Self.margin
    }
}
