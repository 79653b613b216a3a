import Backups
import Synchronization

/// Everything that happens during a load, gathered from all its connections.
final class LoadJournal: Sendable {
    /// Findings that are kept; the rest is counted.
    static let findingLimit = 200

    private struct State {
        var judge: ErrorJudge
        var findings: [Finding] = []
        var counts: [Verdict: Int] = [:]
        var harmless: [HarmlessError: Int] = [:]
        var roles: [String] = []
        var tablespaces: [String] = []
        var databases: [String] = []
        var createdDatabases: [String] = []
        var rows: [TableName: UInt64] = [:]
        var frozen: Set<TableName> = []
        var unfrozen: [TableName: String] = [:]
        var statements = 0
        var completed: UInt64 = 0
    }

    private let state: Mutex<State>
    private let progress: any ProgressObserver
    private let options: LoadOptions

    init(_ circumstances: LoadCircumstances, _ options: LoadOptions, progress: any ProgressObserver) {
        state = Mutex(State(judge: ErrorJudge(circumstances)))
        self.options = options
        self.progress = progress
    }

    /// Judges and keeps the error of a statement.
    /// - Throws: ``Obstacle`` when the load must end.
    func record(_ error: PostgreSQLError, of statement: [UInt8], at location: SourceLocation?) throws {
        let text = StatementText(statement)
        if let name = text.extensionName, options.ignoredExtensions.contains(name) {
            return note(ignoredExtension: name)
        }
        try state.withLock { state in
            if options.isSelection, SelectionRules.explains(error) {
                state.harmless[SelectionRules.harmless, default: 0] += 1
                return
            }
            switch state.judge.judge(error, text) {
            case .harmless(let harmless): state.harmless[harmless, default: 0] += 1
            case .stop(let reason, let because, let hint):
                throw Obstacle(reason, "\(because): \(error.message)", hint: hint, cause: error)
                    .during(text, at: location)
            case .finding(let verdict, let reason, let because, let hint):
                let finding = Finding(
                    statement: text.shown, location: location, sqlstate: error.sqlstate,
                    message: Self.message(error, because), verdict: verdict, reason: reason, hint: hint)
                Self.keep(finding, in: &state)
            }
        }
    }

    func record(_ finding: Finding) {
        state.withLock { Self.keep(finding, in: &$0) }
    }

    /// Keeps a command of psql that was not executed.
    func refuse(_ command: String, _ text: [UInt8], at location: SourceLocation?) {
        record(
            Finding(
                statement: StatementText(text).shown, location: location, sqlstate: nil,
                message: "\\\(command) is a command of psql and was not executed", verdict: .inconclusive,
                reason: .metaCommandRefused,
                hint: "pg_dump writes no such line: read it before anybody gives this file to psql."))
    }

    func record(harmless: HarmlessError) {
        state.withLock { $0.harmless[harmless, default: 0] += 1 }
    }

    func note(ignoredExtension name: String) {
        let harmless = HarmlessError(because: "the extension \(name) was left out, as asked for")
        state.withLock { state in
            state.judge.note(ignoredExtension: name)
            state.harmless[harmless, default: 0] += 1
        }
    }

    func note(role: String) { state.withLock { $0.roles.append(role) } }
    /// One that the dump connects to and does not create.
    func note(createdDatabase: String) { state.withLock { $0.createdDatabases.append(createdDatabase) } }
    func note(tablespace: String) { state.withLock { $0.tablespaces.append(tablespace) } }
    func note(database: String) {
        state.withLock { if !$0.databases.contains(database) { $0.databases.append(database) } }
    }

    func countStatement() { state.withLock { $0.statements += 1 } }

    func count(_ rows: UInt64, in table: TableName) {
        state.withLock { $0.rows[table, default: 0] += rows }
    }

    /// A table that was loaded as it was meant to be: frozen.
    func note(frozen table: TableName) { state.withLock { _ = $0.frozen.insert(table) } }
    /// One that was to be, and was not.
    func note(unfrozen table: TableName, because why: String) { state.withLock { $0.unfrozen[table] = why } }

    /// `bytes` more of the content were dealt with.
    func advance(_ bytes: UInt64) {
        let completed = state.withLock { state in
            state.completed += bytes
            return state.completed
        }
        progress.advance(.restore, to: completed)
    }

    /// - Parameter program: what restored, where it was not we ourselves who counted.
    func outcome(mainDatabase: String, after duration: Duration, by program: String? = nil) -> LoadOutcome {
        state.withLock { state in
            let findings = state.findings.sorted { ($0.location?.offset ?? 0) < ($1.location?.offset ?? 0) }
            let check = RestoreCheck(
                findings: findings, counts: state.counts, harmless: state.harmless, statements: state.statements,
                rows: state.rows, createdRoles: state.roles, createdTablespaces: state.tablespaces,
                createdDatabases: state.createdDatabases, program: program)
            return LoadOutcome(
                checks: [check.check], findings: findings, findingCount: state.counts.values.reduce(0, +),
                harmless: state.harmless, createdRoles: state.roles.sorted(),
                createdTablespaces: state.tablespaces.sorted(), mainDatabase: mainDatabase,
                databases: state.databases, duration: duration, rowsLoaded: state.rows, frozen: state.frozen,
                unfrozen: state.unfrozen)
        }
    }

    private static func keep(_ finding: Finding, in state: inout State) {
        state.counts[finding.verdict, default: 0] += 1
        // One that fails the backup is always worth more than one that does not.
        if state.findings.count >= findingLimit {
            guard finding.verdict == .failed, state.counts[.failed, default: 0] <= findingLimit,
                let place = state.findings.lastIndex(where: { $0.verdict != .failed })
            else { return }
            state.findings[place] = finding
        } else {
            state.findings.append(finding)
        }
    }

    private static func message(_ error: PostgreSQLError, _ because: String) -> String {
        var text = error.message
        if let detail = error.detail { text += " (\(detail))" }
        if let context = error.context?.split(separator: "\n").first { text += " [\(context.prefix(200))]" }
        return text + ": \(because)"
    }
}
