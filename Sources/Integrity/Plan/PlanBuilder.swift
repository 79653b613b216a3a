import Backups

/// Gathers the entries of a plan, within its budget of memory.
struct PlanBuilder {
    private(set) var plan = LoadPlan()
    /// Bytes of memory that the entries may take, about.
    private let budget: Int
    private var spent = 0
    private var run: PlanEntry?
    private var runTable: TableName?
    /// Rows and statements for `runTable` that are not yet in `run`.
    private var runCounts: (rows: UInt64, statements: UInt64) = (0, 0)
    private var openCopy: PlanEntry?

    init(budget: Int = 16 << 20) { self.budget = budget }

    mutating func add(
        _ kind: PlanEntry.Kind, at start: SourceLocation, until end: UInt64, text: [UInt8]?, context: Int
    ) {
        closeRun()
        append(PlanEntry(kind: kind, location: start, length: end - start.offset, text: text, context: context))
    }

    mutating func needOneSession() { plan.needsOneSession = true }

    /// A statement that is only data joins the run before it, or begins one. Runs of any size are of one table each.
    mutating func addData(
        to table: TableName?, rows: UInt64, at start: SourceLocation, until end: UInt64, context: Int
    ) {
        let isOther = table != nil && runTable != nil && table != runTable
        if let open = run, open.context != context || (isOther && open.length > Self.smallRun) { closeRun() }
        if run == nil {
            run = PlanEntry(kind: .bulk(BulkRun()), location: start, length: 0, text: nil, context: context)
        }
        if table != runTable {
            settleRun()
            runTable = table
        }
        runCounts.rows += rows
        runCounts.statements += 1
        if let begin = run?.location.offset { run?.length = end - begin }
    }

    /// Writes what was counted for the run's last table into it.
    private mutating func settleRun() {
        guard var entry = run, case .bulk(var bulk) = entry.kind else { return }
        bulk.statements += runCounts.statements
        if let runTable { bulk.rows[runTable, default: 0] += runCounts.rows }
        runCounts = (0, 0)
        entry.kind = .bulk(bulk)
        run = entry
    }

    mutating func beginCopy(_ block: CopyBlock, at start: SourceLocation, text: [UInt8], context: Int) {
        closeRun()
        openCopy = PlanEntry(kind: .copy(block), location: start, length: 0, text: text, context: context)
    }

    mutating func endCopy(_ block: CopyBlock, until end: UInt64) {
        guard var entry = openCopy else { return }
        openCopy = nil
        entry.kind = .copy(block)
        entry.length = end - entry.location.offset
        append(entry)
    }

    mutating func finish(contexts: [SessionContext]) -> LoadPlan {
        closeRun()
        plan.contexts = contexts
        return plan
    }

    private mutating func closeRun() {
        settleRun()
        guard let entry = run else { return }
        run = nil
        runTable = nil
        append(entry)
    }

    private mutating func append(_ entry: PlanEntry) {
        guard plan.isRetained else { return }
        spent += (entry.text?.count ?? 0) + Self.overhead
        if case .statement = entry.kind, entry.text == nil { spent = Int.max / 2 }
        guard spent <= budget else {
            plan.isRetained = false
            plan.entries = []
            return
        }
        plan.entries.append(entry)
    }

    /// What an entry takes besides its text, about: the value, the text's header, names in its kind.
    private static let overhead = 384
    /// Below this a run may hold several tables: many tiny tables make few entries.
    private static let smallRun: UInt64 = 64 << 10
}
