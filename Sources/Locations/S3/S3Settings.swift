import Backups

/// How S3 is reached: from the environment and the profile, by the names that the AWS SDKs and tools use ("Settings
/// reference", AWS SDKs and Tools Reference Guide).
struct S3Settings: Sendable {
    let region: String
    /// `nil`: that of AWS for the region.
    let customEndpoint: String?
    /// `nil`: by the endpoint and the bucket's name.
    let addressing: S3Endpoint.Addressing?
    let certificates: String?
    /// Requests are not signed.
    let isAnonymous: Bool

    /// - Throws: ``Obstacle`` for an endpoint that is no address, and for a profile that is not there.
    init(_ environment: AWSEnvironment, profile: AWSProfile) throws {
        region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? profile["region"] ?? "us-east-1"
        var endpoint =
            environment["AWS_ENDPOINT_URL_S3"] ?? environment["AWS_ENDPOINT_URL"] ?? profile["endpoint_url"]
        if environment.isTrue("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") { endpoint = nil }
        while endpoint?.hasSuffix("/") == true { endpoint?.removeLast() }
        if let endpoint, !endpoint.hasPrefix("http://"), !endpoint.hasPrefix("https://") {
            throw Obstacle(
                .connectionFailed, "the endpoint \(HTTPRequest.origin(endpoint)) is no address",
                hint: "Write it as https://HOST:PORT.")
        }
        customEndpoint = endpoint
        addressing = profile["s3.addressing_style"].flatMap { S3Endpoint.Addressing(rawValue: $0) }
        certificates = environment["AWS_CA_BUNDLE"] ?? profile["ca_bundle"]
        isAnonymous = environment.isTrue("AWS_NO_SIGN_REQUEST")
    }

    /// Path style with an endpoint of one's own, which seldom has a name for each bucket; by the bucket's name at AWS,
    /// unless that has a dot, which no certificate of AWS covers ("Virtual hosting of buckets", Amazon S3 User Guide).
    func endpoint(for bucket: String) -> S3Endpoint {
        let isHostName = bucket.utf8.allSatisfy {
            $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "_") && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
        }
        guard let customEndpoint else {
            let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
            return S3Endpoint(
                base: "https://s3.\(region).\(domain)", addressing: addressing ?? (isHostName ? .virtual : .path))
        }
        return S3Endpoint(base: customEndpoint, addressing: addressing ?? .path)
    }
}
