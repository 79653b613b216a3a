import ArgumentParser
import Backups
import Locations
import PostgreSQL
import Processes
import Reports
import Settings
import Verification

/// `restorable drill`.
struct DrillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        abstract: "Proves point-in-time recovery: from a base backup and a WAL archive to a copy that answers.",
        discussion: """
            Unpacks the base backup into scratch, file by file held against its backup_manifest, recovers it from the \
            archive to the point that was asked for, promotes it, and looks at what came back: every row of every table, your \
            own questions, heaps and indexes (pg_amcheck), every page's checksum. The server sees neither the network nor the archive, and nothing that \
            production does to the outside is done by the copy. See docs/drill.md.

            TARGET is latest (the end of the archive), immediate (the end of the base backup), a time with its zone as \
            2026-11-20T02:00:07+01:00, lsn:16/B374D848, xid:12345, or name:RESTORE-POINT; with --config also random, a point of the \
            recovery window. With --config the newest base backup that was finished before the target is taken, and what \
            the line does not say is as `drill` and `scratch` of the configuration have it.

            Examples:
              restorable drill --base /var/backups/base --wal /var/backups/wal
              restorable drill --base /var/backups/base --wal s3://backups/wal --to 2026-11-20T02:00:07Z
              restorable drill --base pgbackrest:main --wal pgbackrest:main
              restorable drill --base base --wal wal --to xid:7412 --query 'SELECT count(*) > 0 FROM orders'
              restorable drill --config /etc/restorable.yml --database shop --to random

            \(RestorableCommand.exitStatusText)
            """)

    @Option(
        help:
            "The base backup that pg_basebackup wrote, plain or tar: its directory, s3://… or rclone:…; or a repository, which its own tool restores: pgbackrest:STANZA, barman:SERVER, barman-cloud:s3://…/SERVER, command:/FILE.yml."
    )
    var base: String?
    @Option(
        help:
            "The WAL archive: a directory, s3://BUCKET/PREFIX, rclone:REMOTE:PATH, or a repository as of --base.")
    var wal: String?

    @Option(help: "Configuration file, instead of --base and --wal; else RESTORABLE_CONFIG.") var config: String?
    @Option(help: "The configured database; needed where several have drills.") var database: String?

    @Option(
        name: .customLong("to"), help: ArgumentHelp("How far to recover.", valueName: "target"),
        transform: Self.target)
    var target: DrillSettings.Target?

    @Option(
        help: "Recover along this timeline: its number, or latest. Default: latest, or what is configured.",
        transform: Self.timeline)
    var timeline: Timeline?

    @Option(
        help:
            "A hole in the archive is no gap as long as what follows it was stored more lately than this. Default: 10m, or what is configured.",
        transform: ArgumentTypes.duration)
    var grace: Duration?

    @Option(help: ArgumentHelp("SQL that must return true in the recovered copy (repeatable).", valueName: "sql"))
    var query: [String] = []

    @Option(
        help: "TABLE.COLUMN whose newest value must not be older than --rpo before the last transaction (repeatable).",
        transform: ArgumentTypes.freshness)
    var fresh: [ProofOptions.FreshnessRule] = []

    @Option(help: "The database that is asked; needed where the cluster has several.") var dbname: String?

    @Flag(help: "Do not look for broken tables and indexes with pg_amcheck, which reads all of them.")
    var skipAmcheck = false

    @Flag(help: "A cluster without tables or rows is as it should be.") var allowEmpty = false

    @Option(help: "Most data one may lose, as 15m.", transform: ArgumentTypes.duration) var rpo: Duration?
    @Option(help: "Longest recovery, as 1h.", transform: ArgumentTypes.duration) var rto: Duration?

    @OptionGroup(title: "Scratch") var scratch: ScratchOptionGroup

    @Flag(help: "Print one JSON object.") var json = false
    @Option(help: "Write one self-contained HTML file.") var report: String?
    @Flag(name: .shortAndLong, help: "Show every table and every detail.") var verbose = false
    @OptionGroup(title: "Logs") var logs: LogOptions

    enum Timeline: Equatable, Sendable {
        case latest
        case number(UInt32)
    }

    func validate() throws {
        guard base == nil, wal == nil else {
            guard base != nil, wal != nil, config == nil, database == nil else {
                throw ValidationError("name either --base and --wal, or --config and --database")
            }
            if target == .random {
                throw ValidationError("--to random needs --config: the archive's window is looked at")
            }
            if !fresh.isEmpty, rpo == nil {
                throw ValidationError("--fresh needs --rpo: how old may the newest value be?")
            }
            return
        }
        guard ConfigurationPath.of(config) != nil else {
            throw ValidationError("name --base and --wal, or the configuration with --config")
        }
    }

    func run() throws {
        let file = try report.map { try ReportFile($0) }
        let logger = logs.makeLogger()
        let (find, deadline) = try wanted()
        let result = try LongWork.run(named: "drill", deadline: scratch.deadline ?? deadline) {
            progress, cancellation in
            switch find(progress, cancellation) {
            case .nothing(let report): return report
            case .drill(let request, let note):
                var report = Drill(request, progress: progress, cancellation: cancellation, log: logger).run()
                report.conclusion.notes += [note].compactMap(\.self)
                return report
            }
        }
        StandardStream.output.write(
            json
                ? result.json.text + "\n"
                : TerminalReport(result, style: StandardStream.output.style, isVerbose: verbose).text)
        try file?.write(HTMLReport([result]).text)
        let status = ExitStatus(of: [result.conclusion.verdict])
        if status != .verified { throw ExitCode(status.rawValue) }
    }

    private typealias Finder = @Sendable (any ProgressObserver, Cancellation) -> ConfiguredDrill.Wanted

    /// How what is wanted is found, and the configured deadline.
    private func wanted() throws -> (Finder, Duration?) {
        let line = DrillLine(self)
        if let base, let wal {
            var request = DrillRequest(
                base: VerificationRequest(backup: Self.address(base)), archive: Self.address(wal))
            request.base.locations = KnownLocations.ofProcess
            line.apply(to: &request)
            return ({ [request] _, _ in .drill(request, note: nil) }, nil)
        }
        guard let path = ConfigurationPath.of(config) else { throw ConfigurationPath.missing }
        let configured = try ConfiguredDrill(path, database)
        let find: Finder = { [target] progress, cancellation in
            switch configured.wanted(target, progress, cancellation) {
            case .nothing(let report): return .nothing(report)
            case .drill(var request, let note):
                line.apply(to: &request)
                return .drill(request, note: note)
            }
        }
        return (find, configured.deadline)
    }

    private static func address(_ text: String) -> String {
        KnownLocations.isAddress(text) ? text : AbsolutePath.of(text)
    }

    private static func target(_ text: String) throws -> DrillSettings.Target {
        do {
            return try DrillSettings.Target(text)
        } catch let flaw as RecoveryTarget.Flaw {
            throw ValidationError(flaw.description)
        }
    }

    private static func timeline(_ text: String) throws -> Timeline {
        if text == "latest" { return .latest }
        guard let number = UInt32(text), number > 0 else {
            throw ValidationError("\"\(text)\" is neither latest nor the number of a timeline")
        }
        return .number(number)
    }
}
