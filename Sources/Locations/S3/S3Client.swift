import Backups
import Integrity

/// Speaks to one bucket: signs, sends, tries again.
final class S3Client: Sendable {
    /// SHA-256 of nothing.
    private static let emptyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    /// Most that is read of an answer that is kept in memory: a page of a listing is far smaller.
    private static let longestAnswer = 32 << 20

    let bucket: String
    let settings: S3Settings
    let retry: RetryPolicy
    let stallTimeout: Duration
    let readAhead: ReadAhead
    private let endpoint: S3Endpoint
    private let chain: CredentialChain
    private let pool: CurlPool

    init(
        bucket: String, settings: S3Settings, chain: CredentialChain, pool: CurlPool,
        retry: RetryPolicy = RetryPolicy(),
        stallTimeout: Duration = .seconds(60), readAhead: ReadAhead = ReadAhead()
    ) {
        self.bucket = bucket
        self.settings = settings
        self.chain = chain
        self.pool = pool
        self.retry = retry
        self.stallTimeout = stallTimeout
        self.readAhead = readAhead
        endpoint = settings.endpoint(for: bucket)
    }

    /// One operation of S3, not yet signed.
    struct Operation: Sendable {
        var method = "GET"
        var key: String?
        var query: [(name: String, value: String)] = []
        var headers: [(name: String, value: String)] = []
        var body: [UInt8]?
    }

    /// What a failure of an operation on `key` means.
    func refusal(_ key: String?) -> S3Refusal {
        S3Refusal(
            subject: S3Address.scheme + bucket + (key.map { "/" + $0 } ?? ""), bucket: bucket, region: settings.region,
            endpoint: HTTPRequest.origin(endpoint.url(bucket)))
    }

    /// Sends it, again and again where that helps, and reads the whole answer.
    /// - Throws: ``S3Error``, ``HTTPFailure``, ``Obstacle``.
    func send(_ operation: Operation, cancellation: Cancellation) throws -> HTTPAnswer {
        var count = RetryCount(retry, cancellation)
        while true {
            do {
                let transfer = try begin(operation, cancellation: cancellation)
                return HTTPAnswer(head: transfer.head, body: try transfer.body(most: Self.longestAnswer))
            } catch let error as S3Error where error.isTransient {
                try count.next(after: error)
            } catch let failure as HTTPFailure where failure.isTransient {
                try count.next(after: failure)
            }
        }
    }

    /// Sends it once, or twice where the credentials had expired.
    /// - Returns: the transfer, with its body still to be read; its status is one of success.
    /// - Throws: ``S3Error``, ``HTTPFailure``, ``Obstacle``.
    func begin(_ operation: Operation, cancellation: Cancellation) throws -> CurlTransfer {
        guard !settings.isAnonymous else { return try attempt(operation, nil, cancellation) }
        let credentials = try chain.credentials(cancellation: cancellation)
        do {
            return try attempt(operation, credentials, cancellation)
        } catch let error as S3Error where error.isExpired {
            let fresh = try chain.credentials(insteadOf: credentials, cancellation: cancellation)
            guard fresh != credentials else { throw error }
            return try attempt(operation, fresh, cancellation)
        }
    }

    private func attempt(
        _ operation: Operation, _ credentials: AWSCredentials?, _ cancellation: Cancellation
    ) throws -> CurlTransfer {
        let transfer = try CurlTransfer(
            try request(operation, credentials), pool: pool, cancellation: cancellation)
        guard transfer.head.isSuccess else {
            throw S3Error(HTTPAnswer(head: transfer.head, body: try transfer.body(most: Self.longestAnswer)))
        }
        return transfer
    }

    private func request(_ operation: Operation, _ credentials: AWSCredentials?) throws -> HTTPRequest {
        var request = HTTPRequest(endpoint.url(bucket, key: operation.key, query: operation.query))
        request.method = operation.method
        request.headers = operation.headers
        request.body = operation.body
        request.certificates = settings.certificates
        request.stallTimeout = stallTimeout
        guard let credentials else { return request }
        request.headers.append(("x-amz-content-sha256", try Self.digest(operation.body)))
        if let token = credentials.sessionToken { request.headers.append(("x-amz-security-token", token)) }
        request.signature = HTTPRequest.Signature(credentials: credentials, region: settings.region, service: "s3")
        return request
    }

    private static func digest(_ body: [UInt8]?) throws -> String {
        guard let body, !body.isEmpty else { return emptyDigest }
        let digest = try SHA256()
        try body.withUnsafeBytes { try digest.update($0) }
        return try digest.finish().description
    }
}
