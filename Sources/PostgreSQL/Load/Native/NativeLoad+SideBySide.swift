import Backups
import Integrity
import Processes
import Synchronization

extension NativeLoad {
    /// Loads one database over `jobs` connections, each on a thread of its own.
    func loadSideBySide(
        _ section: DatabaseSection, of plan: LoadPlan, from content: any Content, _ freezable: Set<Int>, jobs: Int
    ) throws {
        let graph = LoadGraph(plan, in: section.entries)
        let crew = LoadCrew(LoadScheduler(graph))
        let settings = SettingErrors()
        let sessions = SessionList()
        let keys = AddedForeignKeys()
        let ends = (0..<jobs).map { number in
            let end = SignalledOnce<Void>()
            DetachedThread.start(named: "load \(number)") {
                // Set when the session, too, is gone: the next database may have to be made from this one.
                defer { end.set(()) }
                do {
                    try work(
                        ContextSession(plan: plan, errors: settings), in: section, graph, crew, content, freezable,
                        keys, sessions)
                } catch {
                    crew.giveUp(error)
                    sessions.cancelAll()
                }
            }
            return end
        }
        for end in ends { end.wait() }
        try crew.check()
    }

    private func work(
        _ context: ContextSession, in section: DatabaseSection, _ graph: LoadGraph, _ crew: LoadCrew,
        _ content: any Content, _ freezable: Set<Int>, _ keys: AddedForeignKeys, _ sessions: SessionList
    ) throws {
        var context = context
        var runner: EntryRunner?
        defer { if let runner { sessions.remove(runner.session.connection) } }
        while let (node, isAlone) = crew.next() {
            try cancellation.check()
            let (entry, part) = (graph.nodes[node].entry, graph.nodes[node].part)
            let ready = try runner ?? makeRunner(in: section, context.plan, content, freezable, keys, sessions)
            runner = ready
            try context.switch(to: context.plan.entries[entry].context, on: ready.session)
            if isAlone {
                try ready.run(entry, part)
                crew.complete(node)
                continue
            }
            do {
                try ready.attempt(entry, part)
                crew.complete(node)
            } catch is PostgreSQLError {
                // It runs again alone: only what it says then counts.
                crew.fail(node)
            } catch let obstacle as Obstacle {
                let failed = context.plan.entries[entry]
                throw ready.session.explained(obstacle, of: failed.text ?? [], at: failed.location)
            }
        }
    }

    private func makeRunner(
        in section: DatabaseSection, _ plan: LoadPlan, _ content: any Content, _ freezable: Set<Int>,
        _ keys: AddedForeignKeys, _ sessions: SessionList
    ) throws -> EntryRunner {
        let session = try session(in: section.database)
        sessions.add(session.connection)
        return EntryRunner(
            session: session, plan: plan, content: content, freezable: freezable, addedKeys: keys)
    }
}

/// The connections of a crew, to end what runs on all of them when one can't go on.
private final class SessionList: Sendable {
    private let connections = Mutex<[Connection]>([])

    func add(_ connection: Connection) { connections.withLock { $0.append(connection) } }
    func remove(_ connection: Connection) { connections.withLock { $0.removeAll { $0 === connection } } }
    func cancelAll() { connections.withLock { for connection in $0 { connection.cancel() } } }
}
