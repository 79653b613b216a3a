import Backups

/// Credentials of the role of an EC2 instance: version 2 of its metadata service alone ("Use IMDSv2", Amazon EC2 User
/// Guide). A machine that has no such service, or no role, has none to give.
struct InstanceCredentials: CredentialSource {
    private static let path = "/latest/meta-data/iam/security-credentials/"

    let environment: AWSEnvironment
    let client: HTTPClient

    func fetch(cancellation: Cancellation) throws -> AWSCredentials? {
        guard !environment.isTrue("AWS_EC2_METADATA_DISABLED") else { return nil }
        var ask = request("/latest/api/token")
        ask.method = "PUT"
        ask.body = []
        ask.headers = [("X-aws-ec2-metadata-token-ttl-seconds", "21600"), ("Content-Type", "text/plain")]
        guard let token = try answer(ask, cancellation) else { return nil }
        var list = request(Self.path)
        list.headers = [("X-aws-ec2-metadata-token", token)]
        guard let role = try answer(list, cancellation)?.split(whereSeparator: \.isNewline).first else { return nil }
        var get = request(Self.path + PercentEncoding.encode(String(role)))
        get.headers = list.headers
        guard let text = try answer(get, cancellation), let found = TemporaryCredentials.read(Array(text.utf8)) else {
            throw Obstacle(
                .authenticationFailed, "this instance has the role \(role), and gives no credentials for it",
                hint: "Try again; look at the role of the instance.")
        }
        return found
    }

    private func request(_ path: String) -> HTTPRequest {
        let base = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? "http://169.254.169.254"
        var request = HTTPRequest((base.hasSuffix("/") ? String(base.dropLast()) : base) + path)
        request.isDirect = true
        request.connectTimeout = .seconds(1)
        request.stallTimeout = .seconds(2)
        return request
    }

    private func answer(_ request: HTTPRequest, _ cancellation: Cancellation) throws -> String? {
        do {
            let answer = try client.send(request, cancellation: cancellation)
            guard answer.head.status == 200, !answer.body.isEmpty else { return nil }
            return String(decoding: answer.body, as: UTF8.self).trimmed
        } catch is HTTPFailure {
            // Anywhere but on EC2 nobody answers: then there is nothing to get here.
            return nil
        }
    }
}
