import ArgumentParser
import Backups
import Processes
import Verification

/// Options of the throw-away server, whatever is brought back into it.
struct ScratchOptionGroup: ParsableArguments {
    @Option(
        help: "Threads that unpack, and connections that load and count side by side.", transform: ArgumentTypes.jobs)
    var jobs: Int?

    @Option(
        help:
            "fast (the default): settings of a throw-away server; durable: settings like production's, for a realistic time."
    )
    var profile: RestoreFacts.Profile?

    @Flag(help: "Leave the scratch server running, and say how to connect.")
    var keepScratch = false

    @Option(help: "Preload this library into the scratch server (repeatable).")
    var preload: [String] = []

    @Option(
        name: [.customLong("scratch-directory"), .customLong("scratch")],
        help: "Where scratch lies; needs room for all that comes back.")
    var scratchDirectory: String?

    @Option(help: "Memory of the scratch server, as 1GiB.", transform: ArgumentTypes.size)
    var memory: UInt64?

    @Option(
        help: "End what takes more disk than this, with the output of a filter, as 200GiB.",
        transform: ArgumentTypes.size)
    var maxDisk: UInt64?

    @Option(help: "End everything after this time, as 2h.", transform: ArgumentTypes.duration)
    var deadline: Duration?

    @Option(help: "bin directory of a PostgreSQL installation to look in first (repeatable).")
    var postgresqlBin: [String] = []

    typealias Choice = @Sendable (inout RestoreOptions) -> Void

    /// Puts what the line says in place of what was there; libraries, and installations, come before those.
    var choice: Choice {
        let directory = scratchDirectory.map(AbsolutePath.of)
        return { [keepScratch, jobs, profile, memory, maxDisk, deadline, preload, postgresqlBin] options in
            options.keepsScratch = keepScratch
            options.directory = directory ?? options.directory
            options.jobs = jobs ?? options.jobs
            options.profile = profile ?? options.profile
            options.memory = memory ?? options.memory
            options.maximumDisk = maxDisk ?? options.maximumDisk
            options.deadline = deadline ?? options.deadline
            options.preload += preload
            options.postgresqlBin = postgresqlBin + options.postgresqlBin
        }
    }
}
