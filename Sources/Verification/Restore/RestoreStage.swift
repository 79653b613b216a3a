import Backups
import Integrity
import Logging
import PostgreSQL

/// Loads a backup whose bytes were proved into the throw-away server that fits it.
struct RestoreStage {
    struct Result {
        let copy: RestoredCopy
        let outcome: LoadOutcome
    }

    let proved: ProvedBytes
    let options: RestoreOptions
    let globals: String?
    let locations: any LocationFinder
    let progress: any ProgressObserver
    let cancellation: Cancellation

    func run(_ server: ScratchServer, tools: Installation) throws -> Result {
        let loaded = Swift.Result {
            try loader(tools).load(into: server, cancellation: cancellation, progress: progress)
        }
        try ScratchRights(server: server, plan: plan, cancellation: cancellation).check()
        let outcome = try loaded.get()
        return Result(copy: RestoredCopy(server: server, databases: databases(outcome)), outcome: outcome)
    }

    private var plan: LoadPlan? {
        if case .content(_, let plan) = proved.source { return plan }
        return nil
    }

    private func loader(_ tools: Installation) throws -> any Loader {
        switch proved.source {
        case .content(let content, let plan):
            let dump = PlainDump(content: content, contents: proved.contents, plan: plan)
            return switch options.loader {
            case .native: NativeLoader(dump, globals: try readGlobals(), options: loadOptions)
            case .psql: try PsqlLoader(dump, globals: try readGlobals(), tools: tools, options: loadOptions)
            }
        case .archive(let source, let format, let result):
            return PgRestoreLoader(
                source, format: format, archive: result, globals: try readGlobals(), tools: tools, options: loadOptions)
        }
    }

    private var loadOptions: LoadOptions {
        LoadOptions(
            jobs: options.jobs, tables: Set(options.tables), schemas: Set(options.schemas),
            ignoredExtensions: Set(options.ignoredExtensions))
    }

    /// Only a backup of several databases names its tables with them.
    private func databases(_ outcome: LoadOutcome) -> [RestoredCopy.Database] {
        guard proved.contents.tables.contains(where: { $0.database != nil }) else {
            return [RestoredCopy.Database(name: outcome.mainDatabase, isNamed: false)]
        }
        return outcome.databases.map { RestoredCopy.Database(name: $0, isNamed: true) }
    }

    /// The file of `--globals`, proved like any other dump; damage in it is damage of the backup.
    private func readGlobals() throws -> PlainDump? {
        guard let globals else { return nil }
        let remote = try locations.remote(globals)
        let stored = try remote.map { try $0.location.open($0.path, cancellation: cancellation) }
        let sniffed = try stored.map { try FormatSniffer.sniff($0) } ?? FormatSniffer.sniff(path: globals)
        guard case .dump(let format, let compression) = sniffed, format == .plain || format == .plainAll else {
            throw Obstacle(
                .unsupportedFormat, "\(globals) is no plain SQL of pg_dumpall --globals-only",
                hint: "Write it with: pg_dumpall --globals-only")
        }
        let bytes: any StoredBytes = try stored.map { RecalledBytes($0) } ?? FileBytes(globals)
        let fetched = FetchedBackup(path: globals, bytes: bytes, format: format, compression: compression)
        var facts = BackupFacts(path: globals)
        let stage = IntegrityStage(
            backup: fetched, limits: options.limits, jobs: 1, progress: SilentProgress(), cancellation: cancellation)
        let proved = Swift.Result { try stage.run(noting: &facts) }
        if case .failure(let error) = proved, error is ContentDamage, let digest = facts.sha256 {
            try DoubtedBytes(bytes, first: digest)?.confirm(progress: SilentProgress(), cancellation: cancellation)
        }
        let whole = try proved.get()
        guard case .content(let content, let plan) = whole.source else { return nil }
        return PlainDump(content: content, contents: whole.contents, plan: plan)
    }
}
