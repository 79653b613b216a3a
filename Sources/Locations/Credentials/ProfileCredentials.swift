import Backups

/// `aws_access_key_id` and `aws_secret_access_key` of the profile.
struct ProfileCredentials: CredentialSource {
    let profile: AWSProfile

    func fetch(cancellation: Cancellation) throws -> AWSCredentials? {
        if let accessKey = profile["aws_access_key_id"] {
            guard let secretKey = profile["aws_secret_access_key"] else {
                throw Obstacle(
                    .authenticationFailed, "the AWS profile \"\(profile.name)\" has no aws_secret_access_key",
                    hint: "It stands beside aws_access_key_id in ~/.aws/credentials.")
            }
            return AWSCredentials(
                accessKey: accessKey, secretKey: secretKey, sessionToken: profile["aws_session_token"])
        }
        let unknown = ["sso_session", "sso_start_url", "source_profile", "credential_source", "credential_process"]
        guard let key = unknown.first(where: { profile[$0] != nil }) else { return nil }
        throw Obstacle(
            .authenticationFailed,
            "the AWS profile \"\(profile.name)\" gets its credentials by \(key), which is not supported here",
            hint:
                "Hand them over with: eval \"$(aws configure export-credentials --profile \(profile.name) --format env)\""
        )
    }
}
