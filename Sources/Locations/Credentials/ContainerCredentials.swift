import Backups

/// Credentials of a container: ECS (`AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`), EKS Pod Identity
/// (`AWS_CONTAINER_CREDENTIALS_FULL_URI` with a token in `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE`).
///
/// "Container credential provider", AWS SDKs and Tools Reference Guide: over http only from this machine and the two
/// addresses that Amazon gives out, so that no variable makes the token go elsewhere in the clear.
struct ContainerCredentials: CredentialSource {
    private static let ecs = "http://169.254.170.2"
    private static let trusted: Set<String> = [
        "127.0.0.1", "localhost", "[::1]", "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]",
    ]

    let environment: AWSEnvironment
    let client: HTTPClient

    func fetch(cancellation: Cancellation) throws -> AWSCredentials? {
        guard let url = try url() else { return nil }
        var request = HTTPRequest(url)
        request.isDirect = true
        request.connectTimeout = .seconds(2)
        request.stallTimeout = .seconds(10)
        request.certificates = environment["AWS_CA_BUNDLE"]
        if let path = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] {
            request.headers.append(
                ("Authorization", try SmallFile.token(path, of: "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")))
        } else if let token = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"] {
            request.headers.append(("Authorization", token))
        }
        guard !request.headers.contains(where: { $0.value.isEmpty || $0.value.contains(where: \.isNewline) }) else {
            throw unusable("the token is no token")
        }
        let answer: HTTPAnswer
        do {
            answer = try client.send(request, cancellation: cancellation)
        } catch let failure as HTTPFailure {
            throw unusable("\(failure)")
        }
        guard answer.head.status == 200 else { throw unusable("status \(answer.head.status)") }
        guard let credentials = TemporaryCredentials.read(answer.body) else { throw unusable("the answer holds none") }
        return credentials
    }

    private func url() throws -> String? {
        if let path = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] {
            return Self.ecs + (path.hasPrefix("/") ? path : "/\(path)")
        }
        guard let url = environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] else { return nil }
        if url.hasPrefix("https://") { return url }
        let authority = HTTPRequest.origin(url).dropFirst("http://".count)
        let host = authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        guard url.hasPrefix("http://"), Self.trusted.contains(String(host)) else {
            throw unusable("AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https nor an address of this machine")
        }
        return url
    }

    private func unusable(_ why: String) -> Obstacle {
        Obstacle(
            .authenticationFailed, "the container gives no credentials: \(why)",
            hint: "Look at the role of the task or pod, and at AWS_CONTAINER_CREDENTIALS_FULL_URI.")
    }
}
