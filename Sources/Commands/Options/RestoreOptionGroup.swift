import ArgumentParser
import Backups
import Processes
import Verification

/// Options of the throw-away server and of the restore into it.
struct RestoreOptionGroup: ParsableArguments {
    @Option(help: "native: our own loader; psql: the tool of the bad day.")
    var loader: RestoreOptions.LoaderChoice = .native

    @Option(help: "Connections that load and count side by side.", transform: ArgumentTypes.jobs)
    var jobs: Int?

    @Option(help: "fast: settings of a throw-away server; durable: settings like production's, for a realistic time.")
    var profile: RestoreFacts.Profile?

    @Flag(help: "Leave the scratch server running, and say how to connect.")
    var keepScratch = false

    @Option(help: "Restore only this table (repeatable).", transform: ArgumentTypes.table)
    var table: [TableName] = []

    @Option(help: "Restore only this schema (repeatable).")
    var schema: [String] = []

    @Option(help: "Go on without this extension when the machine lacks it (repeatable).")
    var ignoreExtension: [String] = []

    @Option(help: "Preload this library into the scratch server (repeatable).")
    var preload: [String] = []

    @Option(help: "Where scratch servers live; needs room for the restored database.")
    var scratchDirectory: String?

    @Option(help: "Memory of the scratch server, as 1GiB.", transform: ArgumentTypes.size)
    var memory: UInt64?

    @Option(
        help: "End a restore that takes more disk than this, with the output of a filter, as 200GiB.",
        transform: ArgumentTypes.size)
    var maxDisk: UInt64?

    @Option(help: ArgumentTypes.maximumContentHelp, transform: ArgumentTypes.size)
    var maxContent: UInt64?

    @Option(help: "End everything after this time, as 2h.", transform: ArgumentTypes.duration)
    var deadline: Duration?

    @Option(help: "bin directory of a PostgreSQL installation to look in first (repeatable).")
    var postgresqlBin: [String] = []

    /// Options that were given and mean nothing for a base backup.
    var askedOfDump: [String] {
        let given: [(String, Bool)] = [
            ("--loader psql", loader == .psql), ("--table", !table.isEmpty), ("--schema", !schema.isEmpty),
            ("--ignore-extension", !ignoreExtension.isEmpty),
        ]
        return given.filter(\.1).map(\.0)
    }

    /// The options given on the line, over `base`.
    func apply(to base: RestoreOptions) -> RestoreOptions {
        var options = base
        options.loader = loader
        options.jobs = jobs ?? options.jobs
        options.profile = profile ?? options.profile
        options.keepsScratch = keepScratch
        options.tables = table
        options.schemas = schema
        options.ignoredExtensions += ignoreExtension
        options.preload += preload
        options.directory = scratchDirectory.map(AbsolutePath.of) ?? options.directory
        options.memory = memory ?? options.memory
        options.maximumDisk = maxDisk ?? options.maximumDisk
        options.maximumContent = maxContent ?? options.maximumContent
        options.deadline = deadline ?? options.deadline
        options.postgresqlBin = postgresqlBin + options.postgresqlBin
        return options
    }
}
