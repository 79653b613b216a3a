import ArgumentParser
import Backups
import Locations
import PostgreSQL
import Processes

/// `restorable gc`.
struct GcCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Removes scratch that a dead process left behind; never what is in use.",
        discussion: """
            Examples:
              restorable gc
              restorable gc --kept
              restorable gc --location s3://backups/postgres

            \(RestorableCommand.exitStatusText)
            """)

    @Option(help: "Where scratch servers live.")
    var scratchDirectory: String = ScratchConfiguration.defaultDirectory

    @Option(help: "Also remove what a killed restorable dump left in this directory, bucket or remote (repeatable).")
    var location: [String] = []

    @Option(
        help: "In a bucket or remote, only uploads of which nothing came for this long (default: 1d).",
        transform: ArgumentTypes.duration)
    var olderThan: Duration?

    @Flag(help: "Also end and remove the servers that --keep-scratch left running.")
    var kept = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let (directory, locations, kept) = (AbsolutePath.of(scratchDirectory), location, kept)
        let olderThan = olderThan ?? AbandonedUploads.quiet
        let outcome = JoinedThread.run(named: "gc") {
            Result {
                var report = try ScratchCollector(directory: directory).collect(kept: kept)
                report.removed += AbandonedHandovers.collect()
                for location in locations {
                    do {
                        report.removed += try Self.collect(at: location, olderThan)
                    } catch let obstacle as Obstacle {
                        // What was done is told, too.
                        report.failures.append(obstacle.message)
                    }
                }
                return report
            }
        }
        let report = try outcome.get()
        StandardStream.output.write(json ? Self.json(report).text + "\n" : Self.text(report))
        if !report.failures.isEmpty { throw ExitCode(ExitStatus.inconclusive.rawValue) }
    }

    /// What a process of this machine still writes is locked in a directory; elsewhere only time tells.
    private static func collect(at location: String, _ olderThan: Duration) throws -> [String] {
        guard KnownLocations.isAddress(location) else { return try AbandonedDumps.collect(in: location) }
        return try AbandonedUploads(try KnownLocations.ofProcess.location(location), quiet: olderThan)
            .remove(cancellation: Cancellation())
    }

    private static func text(_ report: ScratchCollector.Report) -> String {
        var lines = report.removed.map { "removed  \($0)" } + report.inUse.map { "in use   \($0)" }
        lines += report.kept.map { "kept     \($0)  (restorable gc --kept removes it)" }
        lines += report.failures.map { "FAILED   \($0)" }
        if lines.isEmpty { lines = ["nothing to remove"] }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func json(_ report: ScratchCollector.Report) -> JSONValue {
        func list(_ paths: [String]) -> JSONValue { .array(paths.map { .string($0) }) }
        return .object([
            .init("removed", list(report.removed)), .init("in_use", list(report.inUse)),
            .init("kept", list(report.kept)), .init("failures", list(report.failures)),
        ])
    }
}
