import Backups
import HTTPTypes

/// The answer to each route, for one moment.
struct WebPages: Sendable {
    let source: any PageSource
    /// A password is asked for, so that commands may be given.
    let isGuarded: Bool
    let now: Timestamp

    func answer(to route: Route, _ wish: MetricsWish) async throws -> Answer {
        switch route {
        case .metrics:
            let document = source.metrics(accept: wish.accept, acceptsGzip: wish.acceptsGzip)
            var answer = Answer(
                status: .ok,
                body: .bytes(document.body, type: document.contentType, encoding: document.contentEncoding))
            answer.fields[.vary] = "Accept, Accept-Encoding"
            return answer
        case .statusPage: return .html(StatusPage(facts: source.facts(), now: now).text)
        case .databasePage(let name): return try await databasePage(name)
        case .verificationPage(let id):
            guard let report = try await source.report(id) else { return Self.missing("verification \(id)") }
            return .html(VerificationPage(id: id, report: report, facts: source.facts(), now: now).text)
        case .apiDatabases:
            return .json(
                .object([
                    .init("databases", .array(source.facts().databases.map { DatabaseJSON($0, now: now).value }))
                ]))
        case .apiVerifications(let database, let kind, let next, let limit):
            return try await verifications(database, kind, before: next, limit)
        case .apiVerification(let id):
            guard let report = try await source.report(id) else { throw Route.Refusal.notFound }
            return .json(.object([.init("id", .integer(id.rawValue)), .init("report", report.json)]))
        case .apiDescription: return Answer(status: .ok, body: .json(OpenAPIDescription.text))
        case .request(let kind, let name): return await request(kind, of: name)
        case .healthy: return .text("healthy")
        case .ready:
            return source.isReady()
                ? .text("ready") : .text("not ready: not all was read yet", status: .serviceUnavailable)
        case .reload: return await reload()
        }
    }

    private func databasePage(_ name: String) async throws -> Answer {
        let facts = source.facts()
        guard let database = facts.databases.first(where: { $0.name == name }) else {
            return Self.missing("database of that name")
        }
        // Each by itself: frequent drills must not push verifications out of sight, nor the other way round.
        let runs = try await source.runs(of: name, kind: .verification, limit: 100)
        let drills =
            database.drill == nil ? [] : try await source.runs(of: name, kind: .drill, limit: DrillSection.most)
        return .html(DatabasePage(facts: facts, database: database, runs: runs, drills: drills, now: now).text)
    }

    private static func missing(_ what: String) -> Answer {
        .html(
            PageFrame(
                title: "Not found",
                body: "<h1>Not found</h1><p>There is no \(what). <a href=\"/\">All databases</a></p>"
            ).text, status: .notFound)
    }

    private func verifications(
        _ database: String?, _ kind: RunKind?, before next: RunID?, _ limit: Int
    ) async throws -> Answer {
        let known = source.facts().databases.map(\.name)
        if let database, !known.contains(database) {
            return .json(WebResponder.problem("no database has that name"), status: .notFound)
        }
        // One more than is shown tells whether there are more.
        let runs = try await source.runs(
            of: database.map { [$0] } ?? known, kind: kind, before: next, limit: limit + 1)
        let shown = runs.prefix(limit)
        let last = runs.count > limit ? shown.last?.id : nil
        return .json(
            .object([
                .init("verifications", .array(shown.map { RunJSON($0).value })),
                .init("next_before", last.map { .integer($0.rawValue) } ?? .null),
            ]))
    }

    private func request(_ kind: RunKind, of name: String) async -> Answer {
        guard isGuarded else {
            return .json(
                WebResponder.problem("\(kind.rawValue)s are started over HTTP only where basic_auth_users are set"),
                status: .forbidden)
        }
        switch await source.request(kind, of: name) {
        case .accepted: return Self.accepted(after: nil)
        case .acceptedAfter(let other): return Self.accepted(after: other)
        case .alreadyUnderWay:
            return .json(WebResponder.problem("a \(kind.rawValue) of it is under way"), status: .conflict)
        case .unknownDatabase:
            return .json(WebResponder.problem("no database has that name"), status: .notFound)
        case .refused(let why): return .json(WebResponder.problem(why), status: .conflict)
        }
    }

    /// - Parameter other: what runs of the same database and is waited for.
    private static func accepted(after other: RunKind?) -> Answer {
        .json(
            .object([.init("status", .string("accepted")), .init("after", .optional(other?.rawValue))]),
            status: .accepted)
    }

    private func reload() async -> Answer {
        if await source.reload() { return .text("reloaded") }
        let problem = source.facts().configuration.problem ?? "the configuration can't be used"
        return .text("not reloaded: \(problem)", status: .internalServerError)
    }
}
