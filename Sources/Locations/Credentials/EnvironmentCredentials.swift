import Backups

/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, for temporary ones, `AWS_SESSION_TOKEN`.
struct EnvironmentCredentials: CredentialSource {
    let environment: AWSEnvironment

    func fetch(cancellation: Cancellation) throws -> AWSCredentials? {
        guard let accessKey = environment["AWS_ACCESS_KEY_ID"] else { return nil }
        guard let secretKey = environment["AWS_SECRET_ACCESS_KEY"] else {
            throw Obstacle(
                .authenticationFailed, "AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not",
                hint: "Set both, or neither.")
        }
        return AWSCredentials(
            accessKey: accessKey, secretKey: secretKey, sessionToken: environment["AWS_SESSION_TOKEN"])
    }
}
