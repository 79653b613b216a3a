import ArgumentParser
import Backups
import Locations
import PostgreSQL
import Processes
import Reports

/// `restorable wal`.
struct WalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wal",
        abstract: "Is a WAL archive complete from each base backup on? Gaps, timelines, recovery window.",
        discussion: """
            Lists the archive (raw, gzip, zstd, lz4, xz or bzip2; as archive_command = cp, WAL-G, pgBackRest or Barman lay it out), \
            follows the timelines from each base backup to the newest segment, looks at the first page of each segment, and reads \
            the newest commit with pg_waldump. Without --base, base backups are known by the .backup files in the archive. A segment \
            that is merely late is no gap.

            Examples:
              restorable wal /var/backups/wal
              restorable wal /var/backups/wal --base /var/backups/base --json
              restorable wal s3://backups/wal

            \(RestorableCommand.exitStatusText)
            """)

    @Argument(
        help:
            "The archive: a directory, s3://bucket/prefix, rclone:remote:path, pgbackrest:stanza, barman:server, barman-cloud:s3://…/server or command:/file.yml."
    )
    var location: String
    @Option(help: "Where the base backups lie, one or many: a directory, s3://… or rclone:….") var base: String?

    @Option(
        help: "A hole is no gap as long as what follows it was stored more lately than this.",
        transform: ArgumentTypes.duration)
    var grace: Duration = .seconds(600)

    @Option(
        help: ArgumentHelp("Look at the first page of only so many segments, the newest.", valueName: "n"),
        transform: Self.count)
    var headers: UInt64?

    @Flag(help: "Unpack every segment to its end.") var contents = false
    @Flag(help: "Do not read the times of commits.") var noTimes = false

    @Option(help: "Where segments are unpacked for pg_waldump.") var scratchDirectory: String?

    @Option(help: "bin directory of a PostgreSQL installation to look in first (repeatable).")
    var postgresqlBin: [String] = []

    @Option(help: "End everything after this time, as 2h.", transform: ArgumentTypes.duration)
    var deadline: Duration?

    @Flag(help: "Print one JSON object.") var json = false

    func validate() throws {
        guard let base, RepositoryAddress.isAddress(base) else { return }
        throw ValidationError(
            "--base can't be a repository: the notes of its backups lie in its archive, and are found there")
    }

    func run() throws {
        var options = WALArchiveCheck.Options()
        options.grace = grace
        options.headers = headers
        options.isWhole = contents
        options.readsTimes = !noTimes
        var scratch = ScratchConfiguration()
        if let scratchDirectory { scratch.directory = AbsolutePath.of(scratchDirectory) }
        let (archive, bases) = (try Self.archive(location), try base.map(Self.archive))
        let (settled, configuration, bins) = (options, scratch, postgresqlBin)
        let report = try LongWork.run(named: "wal", deadline: deadline) { progress, cancellation in
            try WALArchiveCheck(
                archive: archive, bases: bases, options: settled, scratch: configuration,
                installations: { Installations.find(configured: bins) }, now: .now(), progress: progress,
                cancellation: cancellation
            ).run()
        }
        StandardStream.output.write(
            json ? report.json.text + "\n" : WALArchiveText(report, style: StandardStream.output.style).text)
        let status = ExitStatus(of: [report.verdict])
        if status != .verified { throw ExitCode(status.rawValue) }
    }

    private static func archive(_ address: String) throws -> any WALArchiveSource {
        try KnownLocations.ofProcess.archive(KnownLocations.isAddress(address) ? address : AbsolutePath.of(address))
    }

    private static func count(_ text: String) throws -> UInt64 {
        guard let value = UInt64(text), value > 0 else {
            throw ValidationError("\"\(text)\" is not a number from 1 on")
        }
        return value
    }
}
