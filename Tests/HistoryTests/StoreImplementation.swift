import Backups
import History

/// Every history store there is: each runs the whole contract.
enum StoreImplementation: CaseIterable, Sendable {
    case sqlite

    func begun() throws -> BegunStore {
        switch self {
        case .sqlite: try BegunStore(HistoryDirectory())
        }
    }
}

/// A history that can be opened again, as after a restart.
struct BegunStore {
    private let directory: HistoryDirectory
    private var opened: [any HistoryStore]

    init(_ directory: HistoryDirectory) throws {
        self.directory = directory
        opened = [try directory.open()]
    }

    var store: any HistoryStore { opened[0] }

    /// As a process that starts again sees it. Whoever else holds the store lets go of it first.
    mutating func reopen() throws {
        opened = []
        opened = [try directory.open()]
    }

    /// One run from its beginning to its end.
    @discardableResult
    func run(_ backup: CatalogBackup, _ report: VerificationReport, of database: String = "shop") throws -> RunID {
        let run = try store.begin(database, backup: backup.identity, at: report.startedAt)
        try store.finish(run, report)
        return run
    }

    @discardableResult
    func run(
        _ backup: CatalogBackup, _ verdict: Verdict, stoppedAfter: Stage? = nil, proof: Proof = .itself,
        at moment: Timestamp
    ) throws -> RunID {
        try run(
            backup,
            Sample.report(
                backup, verdict, reason: stoppedAfter == nil ? nil : .stoppedEarly, proof: proof,
                stoppedAfter: stoppedAfter, at: moment))
    }

    func facts(
        _ present: [CatalogBackup] = [], newest: CatalogBackup? = nil, of database: String = "shop"
    ) throws -> VerificationFacts {
        try store.verificationFacts(
            of: database, present: Set(present.map(\.identity)), newest: newest?.identity)
    }
}
