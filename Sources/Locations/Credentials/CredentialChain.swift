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
    /// - Throws: ``Obstacle`` `authentication-failed` when there are none; what a source throws, unless those that are known last a
    ///   little longer.
    func credentials(insteadOf refused: AWSCredentials? = nil, cancellation: Cancellation) throws -> AWSCredentials {
        let known = known.withLock { $0 }.flatMap { $0 == refused ? nil : $0 }
        if let known, remaining(known) >= Self.margin { return known }
        do {
            return try fetch(cancellation)
        } catch {
            try cancellation.check()
            // Whoever gives them out may answer again before they expire.
            guard let known, remaining(known) > 0 else { throw error }
            return known
        }
    }

    private func fetch(_ cancellation: Cancellation) throws -> AWSCredentials {
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

    /// Seconds until they expire.
    private func remaining(_ credentials: AWSCredentials) -> Double {
        credentials.expiresAt?.seconds(since: clock()) ?? .infinity
    }
}
