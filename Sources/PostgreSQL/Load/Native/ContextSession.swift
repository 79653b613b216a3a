import Backups
import Integrity
import Synchronization

/// Brings the settings of a session to where an entry stands in the file.
struct ContextSession {
    let plan: LoadPlan
    private let errors: SettingErrors
    private var current = 0

    init(plan: LoadPlan, errors: SettingErrors) {
        self.plan = plan
        self.errors = errors
    }

    /// Sets what differs, in the order of the file.
    mutating func `switch`(to context: Int, on session: LoadSession) throws {
        guard context != current else { return }
        let (old, new) = (plan.contexts[current], plan.contexts[context])
        current = context
        let kept = Set(new.statements.map(\.name))
        for (name, _) in old.statements where !kept.contains(name) {
            try run(Self.reset(name), on: session)
        }
        for (name, statement) in new.statements {
            let isSet = old.statements.contains { $0.name == name && $0.statement == statement }
            if !isSet { try run(statement, on: session) }
        }
    }

    private static func reset(_ name: String) -> [UInt8] {
        switch name {
        case "session_authorization": Array("RESET SESSION AUTHORIZATION".utf8)
        case "role": Array("RESET ROLE".utf8)
        default: Array("RESET \(name)".utf8)
        }
    }

    private func run(_ statement: [UInt8], on session: LoadSession) throws {
        do {
            try session.perform(statement)
        } catch let error as PostgreSQLError {
            // Once for the dump, not once for each session that replays it.
            guard errors.isFirst(statement) else { return }
            let setting = plan.entries.first { entry in
                if case .setting = entry.kind { return entry.text == statement }
                return false
            }
            try session.journal.record(error, of: statement, at: setting?.location)
        }
    }
}

/// Settings that the server refused.
final class SettingErrors: Sendable {
    private let seen = Mutex<Set<[UInt8]>>([])

    func isFirst(_ statement: [UInt8]) -> Bool { seen.withLock { $0.insert(statement).inserted } }
}
