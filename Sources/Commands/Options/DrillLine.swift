import Backups
import PostgreSQL
import Settings
import Verification

/// What the command line says of a drill; it wins over the configuration.
struct DrillLine: Sendable {
    private let target: RecoveryTarget?
    private let timeline: DrillCommand.Timeline?
    private let grace: Duration?
    private let queries: [CustomQuery]
    private let fresh: [ProofOptions.FreshnessRule]
    private let database: String?
    private let skipsAmcheck: Bool
    private let allowsEmpty: Bool
    private let objectives: Objectives
    private let scratch: ScratchOptionGroup.Choice

    init(_ command: DrillCommand) {
        target = if case .fixed(let target)? = command.target { target } else { nil }
        timeline = command.timeline
        grace = command.grace
        queries = command.query.enumerated().map { CustomQuery(name: "\($0.offset + 1)", sql: $0.element) }
        fresh = command.fresh
        database = command.dbname
        skipsAmcheck = command.skipAmcheck
        allowsEmpty = command.allowEmpty
        objectives = Objectives(rpo: command.rpo, rto: command.rto)
        scratch = command.scratch.choice
    }

    func apply(to request: inout DrillRequest) {
        if let target { request.target = target }
        switch timeline {
        case .number(let number): request.timeline = number
        case .latest: request.timeline = nil
        case nil: break
        }
        request.grace = grace ?? request.grace
        if let database { request.database = database }
        if skipsAmcheck { request.looksForBrokenStructures = false }
        if allowsEmpty { request.base.allowsEmpty = true }
        if !queries.isEmpty { request.base.proof.queries = queries }
        if !fresh.isEmpty { request.base.proof.freshness = fresh }
        request.base.objectives.rpo = objectives.rpo ?? request.base.objectives.rpo
        request.base.objectives.rto = objectives.rto ?? request.base.objectives.rto
        scratch(&request.base.restore)
    }
}
