/// One request over HTTP.
struct HTTPRequest: Sendable {
    /// Signs it with Signature Version 4 ("Authenticating Requests: Using the Authorization Header", Amazon S3 API
    /// Reference).
    struct Signature: Sendable {
        let credentials: AWSCredentials
        let region: String
        let service: String
    }

    var method = "GET"
    /// With path and query percent-encoded, the query in the order of its names.
    let url: String
    /// None of them without a value: libcurl 7.88 would sign it and not send it.
    var headers: [(name: String, value: String)] = []
    var body: [UInt8]?
    var signature: Signature?
    /// File with certificates to trust instead of the system's.
    var certificates: String?
    /// Never goes through the proxy of the environment: metadata services of this machine.
    var isDirect = false
    var connectTimeout = Duration.seconds(10)
    /// Longest time without a byte either way.
    var stallTimeout = Duration.seconds(60)

    init(_ url: String) {
        self.url = url
    }

    /// Scheme and host, for messages: no path, no query, no user.
    var origin: String { Self.origin(url) }

    /// Also of what lacks its scheme.
    static func origin(_ url: String) -> String {
        let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
        let rest = url[start...].prefix { !"/?#".contains($0) }
        let host = rest.lastIndex(of: "@").map { rest[rest.index(after: $0)...] } ?? rest
        return "\(url[..<start])\(host)"
    }
}

/// What a server answered before the body.
struct HTTPHead: Sendable {
    var status = 0
    /// By name in lower case; of several the last.
    var headers: [String: String] = [:]

    subscript(_ name: String) -> String? { headers[name] }

    var isSuccess: Bool { (200..<300).contains(status) }
}

/// A whole answer, kept in memory.
struct HTTPAnswer: Sendable {
    let head: HTTPHead
    let body: [UInt8]
}
