import Backups

/// Where the requests for a bucket go.
struct S3Endpoint: Sendable, Equatable {
    enum Addressing: String, Sendable {
        /// `https://host/bucket/key`.
        case path
        /// `https://bucket.host/key`.
        case virtual
    }

    /// `https://host[:port][/path]`, without a slash at its end.
    let base: String
    let addressing: Addressing

    /// - Parameter query: unordered, not encoded.
    func url(_ bucket: String, key: String? = nil, query: [(name: String, value: String)] = []) -> String {
        let path = key.map { "/" + PercentEncoding.encode($0, keepsSlash: true) } ?? ""
        let start =
            switch addressing {
            case .path: "\(base)/\(bucket)\(path)"
            case .virtual: "\(hosting(bucket))\(path.isEmpty ? "/" : path)"
            }
        return query.isEmpty ? start : "\(start)?\(PercentEncoding.query(query))"
    }

    private func hosting(_ bucket: String) -> String {
        guard let scheme = base.firstRange(of: "://") else { return base }
        return "\(base[..<scheme.upperBound])\(bucket).\(base[scheme.upperBound...])"
    }
}
