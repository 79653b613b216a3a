import ArgumentParser
import Backups
import Processes
import Verification

/// Options of the throw-away server that recovers.
struct DrillOptionGroup: ParsableArguments {
    @Flag(help: "Leave the recovered server running, and say how to connect.")
    var keepScratch = false

    @Option(
        name: [.customLong("scratch-directory"), .customLong("scratch")],
        help: "Where scratch lies; needs room for the whole cluster.")
    var scratchDirectory: String?

    @Option(help: "Threads that unpack, and connections that count.", transform: ArgumentTypes.jobs)
    var jobs: Int?

    @Option(help: "fast: settings of a throw-away server; durable: settings like production's, for a realistic time.")
    var profile: RestoreFacts.Profile = .fast

    @Option(help: "Memory of the scratch server, as 1GiB.", transform: ArgumentTypes.size)
    var memory: UInt64?

    @Option(help: "End a drill that takes more disk than this, as 200GiB.", transform: ArgumentTypes.size)
    var maxDisk: UInt64?

    @Option(help: "End everything after this time, as 2h.", transform: ArgumentTypes.duration)
    var deadline: Duration?

    @Option(help: "Preload this library into the scratch server (repeatable).")
    var preload: [String] = []

    @Option(help: "bin directory of a PostgreSQL installation to look in first (repeatable).")
    var postgresqlBin: [String] = []

    var restoreOptions: RestoreOptions {
        var options = RestoreOptions()
        options.keepsScratch = keepScratch
        options.directory = scratchDirectory.map(AbsolutePath.of)
        options.jobs = jobs ?? options.jobs
        options.profile = profile
        options.memory = memory
        options.maximumDisk = maxDisk
        options.preload = preload
        options.postgresqlBin = postgresqlBin
        return options
    }
}
