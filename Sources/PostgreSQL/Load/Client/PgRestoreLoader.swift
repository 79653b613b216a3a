package import Backups
package import Integrity
import Processes

/// Loads a custom archive, a directory or a tar with pg_restore, several jobs side by side where the format allows it.
///
/// pg_restore does not pass on SQLSTATEs, cuts statements after 128 bytes and says nothing of a table's schema. So what
/// failed is looked up in the archive and run once more, alone, over our own connection, after pg_restore is done: what
/// the server says then is judged. See ``RestoreRetry``.
package struct PgRestoreLoader: Loader {
    private let source: ArchiveSource
    private let archive: ArchiveResult
    private let format: BackupFormat
    private let globals: PlainDump?
    private let tools: Installation
    private let options: LoadOptions

    /// - Parameter tools: at least as new as the pg_dump that wrote the archive.
    package init(
        _ source: ArchiveSource, format: BackupFormat, archive: ArchiveResult, globals: PlainDump? = nil,
        tools: Installation, options: LoadOptions = LoadOptions()
    ) {
        // pg_restore runs in another working directory than ours.
        self.source = if case .path(let path) = source { .path(AbsolutePath.of(path)) } else { source }
        self.archive = archive
        self.format = format
        self.globals = globals
        self.tools = tools
        self.options = options
    }

    package func load(into target: any LoadTarget, cancellation: Cancellation, progress: any ProgressObserver) throws
        -> LoadOutcome
    {
        let start = ContinuousClock.now
        let contents = archive.contents
        let serverMajor = try target.connect(database: NativeLoader.maintenance).serverMajor
        let journal = LoadJournal(
            LoadCircumstances(contents: contents, serverMajor: serverMajor), options,
            progress: progress)
        let missing = MissingObjects(target, journal)
        let load = NativeLoad(
            target: target, journal: journal, missing: missing, options: options, cancellation: cancellation)
        progress.begin(.restore, total: nil, unit: .bytes)
        defer { progress.end(.restore) }
        if let globals { try load.load(globals, startingIn: NativeLoader.maintenance, jobs: 1) }
        try missing.make(roles: contents.roles)
        try TargetDatabases(target: target, journal: journal, encoding: contents.header.clientEncoding)
            .ensure(options.database)
        journal.note(database: options.database)
        let chosen = options.isSelection ? ArchiveSelection(archive.toc.entries, options).selected() : nil
        if let chosen { try makeSchemas(besides: chosen, in: target) }

        let tool = RestoreTool(
            program: try tools.program("pg_restore"), source: source, user: user(of: target),
            cancellation: cancellation)
        let jobs = canRunSideBySide ? max(1, options.jobs) : 1
        let messages = try restore(chosen, with: tool, into: target, jobs: jobs)
        let session = try load.session(in: options.database)
        try RestoreRetry(tool: tool, session: session, wasAlone: jobs == 1).run(messages.errors)
        if messages.isCut { journal.record(.uncounted(by: "pg_restore")) }
        return journal.outcome(mainDatabase: options.database, after: .now - start, by: "pg_restore")
    }

    /// - Parameter chosen: `nil` for all of it.
    private func restore(
        _ chosen: [TOCEntry]?, with tool: RestoreTool, into target: any LoadTarget, jobs: Int
    ) throws -> RestoreMessages {
        let list = try chosen.map { try RestoreList($0, in: target.socketDirectory(options.database)) }
        defer { withExtendedLifetime(list) {} }
        var arguments = ["--no-password", "-d", target.conninfo(database: options.database)]
        if jobs > 1 { arguments += ["--jobs", "\(jobs)"] }
        if let list { arguments += ["--use-list", list.path] }
        let sieve = MessageSieve(prefix: "pg_restore: ")
        let end = try tool.run(arguments, sieve)
        let (text, isCut) = sieve.finish()
        var messages = RestoreMessages(text)
        messages.isCut = isCut
        if let fatal = messages.fatal { throw Self.obstacle(fatal) }
        if isCut { return messages }
        // With several jobs pg_restore's own count is not exact, but none is none.
        let isExplained =
            jobs == 1
            ? messages.ignored ?? 0 == messages.errors.count : (messages.ignored ?? 0 > 0) == !messages.errors.isEmpty
        guard isExplained, end.isSuccess || !messages.errors.isEmpty else {
            throw Obstacle(
                .unexplainedError,
                "pg_restore ended with \(end) and says that it ignored \(messages.ignored ?? 0) errors; "
                    + "\(messages.errors.count) could be read")
        }
        return messages
    }

    /// What else can end pg_restore. The bytes were proved before: an archive that it can't read is of a newer format.
    private static func obstacle(_ message: String) -> Obstacle {
        if message.contains("unsupported version") || message.contains("unrecognized") {
            return Obstacle(.toolsTooOld, "pg_restore can't read the archive: \(message)")
        }
        return Obstacle(.unexplainedError, "pg_restore gave up: \(message)")
    }

    /// A tar can't be read out of order, a pipe not twice.
    private var canRunSideBySide: Bool {
        if case .path = source { return format == .custom || format == .directory }
        return false
    }

    /// The scratch user, who has no rights at all; ourselves where the archive is not for everyone to read.
    private func user(of target: any LoadTarget) -> ProcessUser? {
        guard case .path(let path) = source, let user = target.clientUser else { return target.clientUser }
        return FileAccess.isReadableByEveryone(path) ? user : nil
    }

    /// A schema that every database has is not in the archive; one that an extension makes must not be there before it.
    private func makeSchemas(besides chosen: [TOCEntry], in target: any LoadTarget) throws {
        let brought = Set(chosen.lazy.filter { $0.kind == "SCHEMA" }.map(\.tag))
        let connection = try target.connect(database: options.database)
        let wanted = Set(chosen.lazy.filter { $0.kind != "TABLE DATA" }.compactMap(\.schema))
        for schema in wanted.subtracting(brought).sorted() where !schema.hasPrefix("pg_") {
            try connection.execute("CREATE SCHEMA IF NOT EXISTS \(SQLIdentifier.quoted(schema))")
        }
    }
}
