import HTTPTypes

/// What a scrape asks for.
struct MetricsWish: Sendable, Equatable {
    let accept: String?
    let acceptsGzip: Bool

    init(_ headers: HTTPFields) {
        accept = headers[.accept]
        acceptsGzip = Self.acceptsGzip(headers[.acceptEncoding])
    }

    /// RFC 9110, section 12.5.3: `gzip` or `*`, unless its weight is zero.
    static func acceptsGzip(_ field: String?) -> Bool {
        guard let field else { return false }
        var weights: [String: Bool] = [:]
        for element in field.split(separator: ",") {
            let parts = element.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
            guard let coding = parts.first else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            weights[coding == "x-gzip" ? "gzip" : coding] = weight > 0
        }
        return weights["gzip"] ?? weights["*"] ?? false
    }
}
