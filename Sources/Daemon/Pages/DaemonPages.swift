import Backups
import Exposition
import Logging
import Processes
import Web

/// What the web server shows of the daemon: facts from memory, the history from a thread that may wait for the disk.
struct DaemonPages: PageSource {
    let board: FactsBoard
    let history: any HistoryStore
    let reader: WorkThread
    let events: BlockingQueue<DaemonEvent>
    let security: SecurityReload
    let log: Logger

    func facts() -> FleetFacts { board.facts }

    /// The first look at the locations is done.
    func isReady() -> Bool { board.facts.collectors["catalog"] != nil }

    func metrics(accept: String?, acceptsGzip: Bool) -> MetricsDocument {
        let form = ExpositionForm(accept: accept, acceptEncoding: acceptsGzip ? "gzip" : nil)
        let body = board.page.body(in: form)
        return MetricsDocument(
            contentType: body.form.contentType, contentEncoding: body.form.contentEncoding, body: body.bytes)
    }

    func report(_ id: RunID) async throws -> VerificationReport? {
        try await reader.run { [history] in try history.report(id) }
    }

    func runs(of database: String, kind: RunKind, limit: Int) async throws -> [RunSummary] {
        try await reader.run { [history] in try history.runs(of: database, kind: kind, limit: limit) }
    }

    func runs(
        of databases: [String], kind: RunKind?, before next: RunID?, limit: Int
    ) async throws -> [RunSummary] {
        try await reader.run { [history] in
            try history.runs(of: databases, kind: kind, before: next, limit: limit)
        }
    }

    /// Configuration, users and certificates; each that is bad stays as it was.
    func reload() async -> Bool {
        var problem: String?
        do {
            try await reader.run { [security] in try security.run() }
        } catch {
            log.error("users and certificates stay as they were: \(error)")
            problem = "\(error)"
        }
        return await withCheckedContinuation { [problem] continuation in
            events.append(.reload(webProblem: problem) { continuation.resume(returning: $0) })
        }
    }

    func request(_ kind: RunKind, of database: String) async -> TurnAnswer {
        await withCheckedContinuation { continuation in
            events.append(.request(database, kind) { continuation.resume(returning: $0) })
        }
    }
}
