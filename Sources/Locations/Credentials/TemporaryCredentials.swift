import Backups
import FoundationEssentials

/// What the endpoints of containers and of instances answer ("Container credential provider", AWS SDKs and Tools
/// Reference Guide).
struct TemporaryCredentials: Decodable {
    let AccessKeyId: String
    let SecretAccessKey: String
    let Token: String?
    let Expiration: String?

    /// - Returns: `nil` for anything else.
    static func read(_ bytes: [UInt8]) -> AWSCredentials? {
        guard let found = try? JSONDecoder().decode(TemporaryCredentials.self, from: Data(bytes)) else { return nil }
        return AWSCredentials(
            accessKey: found.AccessKeyId, secretKey: found.SecretAccessKey, sessionToken: found.Token,
            expiresAt: found.Expiration.flatMap { Timestamp($0) })
    }
}
