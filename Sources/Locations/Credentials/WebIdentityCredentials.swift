import Backups

/// Credentials of a role for a token of another identity provider: IRSA of EKS, or any OpenID Connect
/// ("AssumeRoleWithWebIdentity", AWS Security Token Service API Reference). The token is read anew each time: it is
/// rotated.
struct WebIdentityCredentials: CredentialSource {
    let environment: AWSEnvironment
    let profile: AWSProfile
    let client: HTTPClient

    func fetch(cancellation: Cancellation) throws -> AWSCredentials? {
        guard let path = environment["AWS_WEB_IDENTITY_TOKEN_FILE"] ?? profile["web_identity_token_file"] else {
            return nil
        }
        guard let role = environment["AWS_ROLE_ARN"] ?? profile["role_arn"] else {
            throw unusable("AWS_ROLE_ARN is not set", "Set it, or take AWS_WEB_IDENTITY_TOKEN_FILE away.")
        }
        let session = environment["AWS_ROLE_SESSION_NAME"] ?? profile["role_session_name"] ?? "restorable"
        let parameters = [
            (name: "Action", value: "AssumeRoleWithWebIdentity"), (name: "Version", value: "2011-06-15"),
            (name: "RoleArn", value: role), (name: "RoleSessionName", value: session),
            (name: "WebIdentityToken", value: try SmallFile.token(path, of: "AWS_WEB_IDENTITY_TOKEN_FILE")),
        ]
        var request = HTTPRequest(endpoint + "/")
        request.method = "POST"
        request.headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/xml")]
        // In the body: an address may be logged.
        request.body = Array(PercentEncoding.query(parameters).utf8)
        request.certificates = environment["AWS_CA_BUNDLE"] ?? profile["ca_bundle"]
        request.stallTimeout = .seconds(20)
        let answer: HTTPAnswer
        do {
            answer = try client.send(request, cancellation: cancellation)
        } catch let failure as HTTPFailure {
            throw unusable("\(failure)", "Can \(HTTPRequest.origin(endpoint)) be reached from here?")
        }
        guard answer.head.isSuccess else {
            throw unusable("\(S3Error(answer))", "Look at the trust policy of the role, and at the token in \(path).")
        }
        guard let credentials = Self.read(answer.body) else { throw unusable("the answer holds none", nil) }
        return credentials
    }

    private var endpoint: String {
        let custom = environment["AWS_ENDPOINT_URL_STS"] ?? environment["AWS_ENDPOINT_URL"]
        if var custom {
            while custom.hasSuffix("/") { custom.removeLast() }
            return custom
        }
        guard let region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? profile["region"] else {
            return "https://sts.amazonaws.com"
        }
        return "https://sts.\(region).amazonaws.com\(region.hasPrefix("cn-") ? ".cn" : "")"
    }

    private static func read(_ body: [UInt8]) -> AWSCredentials? {
        let values = XMLReader.values(body)
        let path = "AssumeRoleWithWebIdentityResponse/AssumeRoleWithWebIdentityResult/Credentials/"
        guard let accessKey = values[path + "AccessKeyId"], let secretKey = values[path + "SecretAccessKey"] else {
            return nil
        }
        return AWSCredentials(
            accessKey: accessKey, secretKey: secretKey, sessionToken: values[path + "SessionToken"],
            expiresAt: values[path + "Expiration"].flatMap { Timestamp($0) })
    }

    private func unusable(_ why: String, _ hint: String?) -> Obstacle {
        Obstacle(.authenticationFailed, "the role can't be assumed with the web identity: \(why)", hint: hint)
    }
}
