package import Backups
import Integrity
import Processes

/// Loads a plain dump with psql itself: the tool of the bad day. Slower than ``NativeLoader``, over one connection.
///
/// Roles and databases that the dump needs and does not bring are made before. A dump with commands of psql beyond those
/// that pg_dump writes is refused: psql would execute them.
package struct PsqlLoader: Loader {
    private let dump: PlainDump
    private let globals: PlainDump?
    private let options: LoadOptions
    private let psql: String

    /// - Throws: ``Obstacle`` `tool-missing`.
    package init(
        _ dump: PlainDump, globals: PlainDump? = nil, tools: Installation, options: LoadOptions = LoadOptions()
    ) throws {
        self.dump = dump
        self.globals = globals
        self.options = options
        psql = try tools.program("psql")
    }

    package func load(into target: any LoadTarget, cancellation: Cancellation, progress: any ProgressObserver) throws
        -> LoadOutcome
    {
        guard !options.isSelection else {
            throw Obstacle(
                .selectionOnly, "psql restores all of a dump or nothing", hint: "use the native loader for a selection")
        }
        let start = ContinuousClock.now
        let serverMajor = try target.connect(database: NativeLoader.maintenance).serverMajor
        var circumstances = LoadCircumstances(contents: dump.contents, serverMajor: serverMajor)
        circumstances.rowsMayRunAsStatements = true
        let journal = LoadJournal(circumstances, options, progress: progress)
        progress.begin(.restore, total: nil, unit: .bytes)
        defer { progress.end(.restore) }
        if let globals { try run(globals, in: NativeLoader.maintenance, target, journal, cancellation) }
        try MissingObjects(target, journal).make(
            roles: dump.contents.roles.subtracting(dump.contents.createdRoles))
        let names = dump.contents.databases
        let first = names.isEmpty ? options.database : NativeLoader.maintenance
        if names.isEmpty {
            try TargetDatabases(
                target: target, journal: journal, encoding: dump.contents.header.clientEncoding
            ).ensure(first)
        }
        for name in names.isEmpty ? [first] : names { journal.note(database: name) }
        try run(dump, in: first, target, journal, cancellation)
        return journal.outcome(mainDatabase: names.first ?? first, after: .now - start, by: "psql")
    }

    private func run(
        _ dump: PlainDump, in database: String, _ target: any LoadTarget, _ journal: LoadJournal,
        _ cancellation: Cancellation
    ) throws {
        try refuseCommands(of: dump)
        // Confined: the rows of a COPY that fails become statements and commands to psql, which executes them.
        let command = try target.confined(
            psql,
            [
                "-X", "-q", "-v", "ON_ERROR_STOP=0", "-v", "VERBOSITY=verbose", "-o", "/dev/null", "--no-password",
                "-d", target.conninfo(database: database), "-f", "-",
            ])
        let pipe = try Pipe()
        let feed = ContentFeed(dump.content, to: pipe.takeWriteEnd()) { journal.advance($0) }
        let sieve = MessageSieve(prefix: "psql:")
        let result = try ChildProcess.run(
            command, input: .descriptor(pipe.readEnd), cancellation: cancellation, onError: { sieve.take($0) })
        pipe.closeReadEnd()
        try feed.finish()
        let (text, isCut) = sieve.finish()
        let messages = PsqlMessages(text)
        // Errors first: what ended the session says more than psql's word for its loss.
        try StatementLookup(messages.errors).record(in: journal, reading: dump.content)
        if isCut { journal.record(.uncounted(by: "psql")) }
        guard result.isSuccess else {
            throw Self.obstacle(result.end, messages)
        }
        if let other = messages.others.first, messages.errors.isEmpty {
            journal.record(.unexplained(other, by: "psql"))
        }
    }

    private static func obstacle(_ end: ProcessEnd, _ messages: PsqlMessages) -> Obstacle {
        let last = messages.others.last ?? messages.errors.last?.error.message ?? "no message"
        if let connect = messages.others.first(where: { $0.contains("\\connect") }) {
            return Obstacle(
                .unexplainedError, "psql ended with \(end): \(connect)",
                hint: "look at the line of that \\connect: the dump does not create what it connects to")
        }
        let isLost = messages.others.contains { $0.contains("connection to server was lost") }
        return Obstacle(
            isLost ? .serverFailed : .unexplainedError, "psql ended with \(end): \(last)",
            hint: "restore with the native loader, which says what ran then; or run psql by hand and see what it says")
    }

    private func refuseCommands(of dump: PlainDump) throws {
        var refused = dump.plan.entries.lazy.compactMap(Self.refusedCommand).first
        if !dump.plan.isRetained {
            var stream = StatementStream(try dump.content.open(at: 0))
            while refused == nil, let item = try stream.next() {
                if case .entry(let entry) = item { refused = Self.refusedCommand(entry) }
            }
        }
        guard let refused else { return }
        throw Obstacle(
            .metaCommandRefused, "the dump holds the command \\\(refused) of psql, which pg_dump never writes",
            hint: "look at the dump; the native loader restores everything else in it")
    }

    private static func refusedCommand(_ entry: PlanEntry) -> String? {
        if case .refused(let command) = entry.kind { return command }
        return nil
    }
}
