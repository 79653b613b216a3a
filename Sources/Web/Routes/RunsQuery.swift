import Backups

/// Which runs a request asks for: the parameters of `/api/v1/verifications`.
struct RunsQuery {
    static let defaultLimit = 50
    static let largestLimit = 500
    /// Both kinds.
    static let all = "all"
    static let kinds = RunKind.allCases.map(\.rawValue) + [all]

    private var database: String?
    /// As it was asked for, one of ``kinds``.
    private var kind: String?
    private var limit: Int?
    private var next: RunID?

    /// - Parameter query: percent-encoded, as it came.
    init(_ query: Substring) throws(Route.Refusal) {
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let value = PercentEncoding.decoded(parts.count == 2 ? parts[1] : "", plusIsSpace: true) else {
                throw .badRequest("the query is not UTF-8")
            }
            try take(parts[0], value)
        }
    }

    private mutating func take(_ name: Substring, _ value: String) throws(Route.Refusal) {
        switch name {
        case "database" where database == nil: database = value
        case "kind" where kind == nil:
            guard Self.kinds.contains(value) else {
                throw .badRequest("kind must be one of \(Self.kinds.joined(separator: ", "))")
            }
            kind = value
        case "limit" where limit == nil:
            guard let number = Int(value), (1...Self.largestLimit).contains(number) else {
                throw .badRequest("limit must be a number from 1 to \(Self.largestLimit)")
            }
            limit = number
        case "before" where next == nil:
            guard let number = try? Route.number(value) else {
                throw .badRequest("before must be the id of a verification or of a drill")
            }
            next = number
        case "database", "kind", "limit", "before": throw .badRequest("\(name) stands there twice")
        default: throw .badRequest("known parameters are database, kind, limit and before")
        }
    }

    /// Verifications alone, unless it says otherwise: a drill says nothing of the backup that it began from.
    var route: Route {
        .apiVerifications(
            database: database, kind: kind.map { RunKind(rawValue: $0) } ?? RunKind.verification, before: next,
            limit: limit ?? Self.defaultLimit)
    }
}
