import Backups
import Synchronization

@testable import Web

/// Answers from values, and notes what it was asked to do.
final class SampleSource: PageSource {
    struct State {
        var facts = SampleFleet.facts
        var isReady = true
        var isHistoryBroken = false
        var reloads = 0
        /// How often it was asked for runs.
        var questions = 0
        var requested: [String] = []
        /// As those that were asked for, where it was no verification.
        var drilled: [String] = []
        var answer = TurnAnswer.accepted
    }

    let state = Mutex(State())
    private let document: [UInt8]

    init(metrics: String = "# HELP up x\nup 1\n") {
        document = Array(metrics.utf8)
    }

    func facts() -> FleetFacts { state.withLock { $0.facts } }
    func isReady() -> Bool { state.withLock { $0.isReady } }

    func metrics(accept: String?, acceptsGzip: Bool) -> MetricsDocument {
        MetricsDocument(
            contentType: accept == "application/openmetrics-text" ? "application/openmetrics-text" : "text/plain",
            contentEncoding: acceptsGzip ? "gzip" : nil, body: document)
    }

    private func readable() throws {
        if state.withLock({ $0.isHistoryBroken }) {
            throw Obstacle(.diskFull, "the history can't be read", hint: "make room", cause: CancellationError())
        }
    }

    func report(_ id: RunID) async throws -> VerificationReport? {
        try readable()
        return facts().databases.flatMap(\.verification.recent).first { $0.id == id }.map(SampleFleet.report)
    }

    /// Every sample is of a verification.
    func runs(of database: String, kind: RunKind, limit: Int) async throws -> [RunSummary] {
        try readable()
        guard kind == .verification else { return [] }
        return Array((facts().databases.first { $0.name == database }?.verification.recent ?? []).prefix(limit))
    }

    func runs(of databases: [String], kind: RunKind?, before next: RunID?, limit: Int) async throws -> [RunSummary] {
        try readable()
        state.withLock { $0.questions += 1 }
        guard kind != .drill else { return [] }
        let runs = facts().databases.filter { databases.contains($0.name) }.flatMap(\.verification.recent)
        return Array(runs.filter { run in next.map { run.id < $0 } ?? true }.sorted { $0.id > $1.id }.prefix(limit))
    }

    func reload() async -> Bool {
        state.withLock { state in
            state.reloads += 1
            return state.facts.configuration.isLastReloadSuccessful
        }
    }

    func request(_ kind: RunKind, of database: String) async -> TurnAnswer {
        state.withLock { state in
            guard state.facts.databases.contains(where: { $0.name == database }) else { return .unknownDatabase }
            if kind == .drill { state.drilled.append(database) } else { state.requested.append(database) }
            return state.answer
        }
    }
}
