package import Backups
import Integrity

/// Loads a plain dump over libpq: what psql would do, with every error kept, and the tables side by side.
package struct NativeLoader: Loader {
    private let dump: PlainDump
    private let globals: PlainDump?
    private let options: LoadOptions

    /// The server's own database, where what is for the whole server runs.
    static let maintenance = "postgres"

    /// - Parameter globals: `pg_dumpall --globals-only`, loaded first.
    package init(_ dump: PlainDump, globals: PlainDump? = nil, options: LoadOptions = LoadOptions()) {
        self.dump = dump
        self.globals = globals
        self.options = options
    }

    package func load(into target: any LoadTarget, cancellation: Cancellation, progress: any ProgressObserver) throws
        -> LoadOutcome
    {
        let start = ContinuousClock.now
        let serverMajor = try target.connect(database: Self.maintenance).serverMajor
        let journal = LoadJournal(
            LoadCircumstances(contents: dump.contents, serverMajor: serverMajor), options,
            progress: progress)
        let run = NativeLoad(
            target: target, journal: journal, missing: MissingObjects(target, journal), options: options,
            cancellation: cancellation)
        progress.begin(.restore, total: size(of: dump) + (globals.map(size) ?? 0), unit: .bytes)
        defer { progress.end(.restore) }
        if let globals { try run.load(globals, startingIn: Self.maintenance, jobs: 1) }
        try run.missing.make(roles: dump.contents.roles.subtracting(dump.contents.createdRoles))
        let names = dump.contents.databases
        let first = names.isEmpty ? options.database : Self.maintenance
        if names.isEmpty {
            try run.databases(for: dump).ensure(first)
            journal.note(database: first)
        }
        try run.load(dump, startingIn: first, jobs: options.jobs)
        return journal.outcome(mainDatabase: names.first ?? first, after: .now - start)
    }

    private func size(of dump: PlainDump) -> UInt64 {
        dump.plan.entries.last.map { $0.location.offset + $0.length } ?? 0
    }
}
