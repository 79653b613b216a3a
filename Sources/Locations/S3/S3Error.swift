import Backups

/// What a store says when it refuses ("Error responses", Amazon S3 API Reference).
struct S3Error: Error, Sendable, CustomStringConvertible {
    let status: Int
    /// As `NoSuchKey`; empty when the answer has none, as after HEAD.
    let code: String
    let message: String
    /// Where the bucket lies, when it is not where it was asked for.
    let region: String?

    init(_ answer: HTTPAnswer) {
        let values = XMLReader.values(answer.body)
        status = answer.head.status
        code = values["Error/Code"] ?? values["ErrorResponse/Error/Code"] ?? ""
        message = values["Error/Message"] ?? values["ErrorResponse/Error/Message"] ?? ""
        region = answer.head["x-amz-bucket-region"] ?? values["Error/Region"]
    }

    /// Whether the same request may well succeed a moment later ("Error best practices", Amazon S3 User Guide).
    var isTransient: Bool {
        [408, 429, 500, 502, 503, 504].contains(status)
            || ["SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", "Throttling", "RequestThrottled"]
                .contains(code)
    }

    /// Whether fresh credentials may help.
    var isExpired: Bool { ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"].contains(code) }

    var isMissingKey: Bool { code == "NoSuchKey" || (code.isEmpty && status == 404) }

    var description: String {
        let text = code.isEmpty ? "status \(status)" : "status \(status), \(code)"
        return message.isEmpty ? text : "\(text): \(message.prefix(300))"
    }
}
