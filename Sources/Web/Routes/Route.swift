import Backups

/// What a request asks for: its method, path and query, read once.
enum Route: Equatable {
    case metrics
    case statusPage
    case databasePage(String)
    case verificationPage(RunID)
    case apiDatabases
    /// `database` `nil`: of all; `kind` `nil`: of both; `before` `nil`: from the newest on.
    case apiVerifications(database: String?, kind: RunKind?, before: RunID?, limit: Int)
    case apiVerification(RunID)
    case apiDescription
    /// A turn of a database, ahead of its schedule.
    case request(RunKind, String)
    case healthy
    case ready
    case reload

    /// Why a request has no route.
    enum Refusal: Error, Equatable {
        case notFound
        /// The path exists, with these methods.
        case methodNotAllowed([String])
        case badRequest(String)
    }

    /// - Parameters:
    ///   - method: in capitals, as HTTP has it.
    ///   - target: path and query, percent-encoded as they came.
    static func of(method: String, target: String) throws(Refusal) -> Route {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let query = parts.count == 2 ? parts[1] : ""
        var segments: [String] = []
        for part in parts[0].split(separator: "/") {
            guard let segment = PercentEncoding.decoded(part) else { throw .badRequest("the path is not UTF-8") }
            segments.append(segment)
        }
        guard parts[0].hasPrefix("/"), parts[0] == "/" || (!parts[0].hasSuffix("/") && !parts[0].contains("//")) else {
            throw .notFound
        }
        let route = try of(segments, query: query)
        let allowed = route.methods
        guard allowed.contains(method) else { throw .methodNotAllowed(allowed) }
        return route
    }

    /// Whether asking changes something.
    var isCommand: Bool {
        switch self {
        case .request, .reload: true
        default: false
        }
    }

    /// Probes of a supervisor, which tell nothing and carry no password.
    var isProbe: Bool { self == .healthy || self == .ready }

    private var methods: [String] { isCommand ? ["POST"] : ["GET", "HEAD"] }

    private static func of(_ segments: [String], query: Substring) throws(Refusal) -> Route {
        switch segments.count {
        case 0: return .statusPage
        case 1 where segments[0] == "metrics": return .metrics
        case 2: return try ofTwo(segments[0], segments[1])
        case 3 where segments[0] == "api" && segments[1] == "v1":
            switch segments[2] {
            case "databases": return .apiDatabases
            case "verifications": return try RunsQuery(query).route
            case "openapi.json": return .apiDescription
            default: throw .notFound
            }
        case 4 where segments[0...2] == ["api", "v1", "verifications"]:
            return .apiVerification(try number(segments[3]))
        case 5 where segments[0...2] == ["api", "v1", "databases"]:
            switch segments[4] {
            case "verify": return .request(.verification, segments[3])
            case "drill": return .request(.drill, segments[3])
            default: throw .notFound
            }
        default: throw .notFound
        }
    }

    private static func ofTwo(_ first: String, _ second: String) throws(Refusal) -> Route {
        switch (first, second) {
        case ("databases", let name): return .databasePage(name)
        case ("verifications", let id): return .verificationPage(try number(id))
        case ("-", "healthy"): return .healthy
        case ("-", "ready"): return .ready
        case ("-", "reload"): return .reload
        default: throw .notFound
        }
    }

    static func number(_ text: String) throws(Refusal) -> RunID {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = Int64(text)
        else { throw .notFound }
        return RunID(number)
    }
}
