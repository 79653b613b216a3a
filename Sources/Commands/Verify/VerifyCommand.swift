import ArgumentParser
import Backups
import Locations
import PostgreSQL
import Verification

/// `restorable verify`.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract:
            "Proves that backups restore: checks their bytes, restores them into a throw-away server, counts the rows.",
        discussion: """
            BACKUP is a dump of pg_dump or pg_dumpall: plain SQL (raw, gzip, zstd, xz, bzip2, lz4), custom, directory or \
            tar; or a base backup of pg_basebackup, plain or as tars, by its directory: every file is held against its \
            backup_manifest. What it is is found from its content. It may lie in a bucket (s3://BUCKET/KEY) or at a remote of rclone \
            (rclone:REMOTE:PATH): see docs/locations.md. - reads standard input. Without BACKUP, the databases of the \
            configuration are verified: the newest backup of each, --all of them, or with --sample N the newest and N others. \
            Their results go into the history that a daemon keeps, when it is there and no daemon has it open.

            Examples:
              restorable verify /var/backups/shop.sql.gz
              restorable verify s3://backups/postgres/shop.sql.gz
              restorable verify --until integrity /var/backups/*.sql.gz
              restorable verify --until integrity /var/backups/base/2026-11-20
              restorable verify pgbackrest:main
              restorable verify command:/etc/restorable/wal-g.yml
              restorable verify --against 'service=shop' --drift 0.1% --report shop.html shop.dump
              restorable verify --config /etc/restorable.yml --database shop --latest
              restorable verify --config /etc/restorable.yml --sample 2
              restorable verify --config /etc/restorable.yml --all --until integrity
              restorable verify --config /etc/restorable.yml --pushgateway http://pushgateway:9091

            \(RestorableCommand.exitStatusText)
            """)

    @Argument(help: ArgumentHelp("Files, directories or addresses; - for standard input.", valueName: "backup"))
    var backups: [String] = []

    @Option(help: "Stop after this stage: integrity, restore or rows.", transform: Self.stage)
    var until: Stage?

    @Option(help: "Command that decrypts the backup, from standard input to standard output.")
    var filter: String?

    @Option(help: "pg_dumpall --globals-only file to load first.")
    var globals: String?

    @OptionGroup(title: "Proof") var proof: ProofOptionGroup
    @OptionGroup(title: "Restore") var restore: RestoreOptionGroup
    @OptionGroup(title: "Configuration") var configured: ConfigurationOptionGroup
    @OptionGroup(title: "Output") var output: ReportOptionGroup
    @OptionGroup(title: "Logs") var logs: LogOptions

    func validate() throws {
        if backups.isEmpty, configured.path == nil {
            throw ValidationError("nothing to verify: name a BACKUP, or a configuration with --config")
        }
        if !backups.isEmpty, configured.config != nil {
            throw ValidationError("name either BACKUPs or --config, not both")
        }
        if !backups.isEmpty, output.wantsMetrics {
            throw ValidationError(
                "--metrics-file and --pushgateway tell of configured databases, by name: use --config")
        }
        if backups.count > 1, proof.manifest != nil {
            throw ValidationError("--manifest belongs to one BACKUP, not to \(backups.count)")
        }
        if backups.filter({ $0 == VerificationRequest.standardInput }).count > 1 {
            throw ValidationError("standard input can be read only once")
        }
    }

    func run() throws {
        let reports = try VerificationRun(asked: try makeRequests(), output: output, logger: logs.makeLogger()).run()
        let status = ExitStatus(of: reports.map(\.conclusion.verdict))
        if status != .verified { throw ExitCode(status.rawValue) }
    }

    private func makeRequests() throws -> ConfiguredRequests {
        let against = try proof.against.map { try ConnectionArgument.parse($0, option: "--against") }
        ConnectionParameters.keepServiceForProduction()
        guard backups.isEmpty, let path = configured.path else {
            let named = NamedBackups.withoutManifests(backups)
            return ConfiguredRequests(found: named.map { request(VerificationRequest(backup: $0), against) })
        }
        var requests = try configured.load(path)
        requests.found = requests.found.map { request($0, against) }
        return requests
    }

    /// What the line says, over what the configuration says.
    private func request(_ base: VerificationRequest, _ against: ConnectionParameters?) -> VerificationRequest {
        var request = base
        request.locations = KnownLocations.ofProcess
        request.until = until
        request.manifest = proof.manifest
        request.globals = globals ?? base.globals
        request.filter = filter ?? base.filter
        request.askedOfDump = askedOfDump
        request.allowsEmpty = proof.allowEmpty || base.allowsEmpty
        request.objectives.rpo = proof.rpo ?? base.objectives.rpo
        request.objectives.rto = proof.rto ?? base.objectives.rto
        request.restore = restore.apply(to: base.restore)
        request.proof.against = against ?? base.proof.against
        request.proof.drift = proof.drift ?? base.proof.drift
        request.proof.checksums = proof.checksums
        request.proof.freshness += proof.fresh
        request.proof.queries += proof.query
        request.proof.database = proof.dbname
        request.proof.looksForBrokenStructures = !proof.skipAmcheck
        return request
    }

    private var askedOfDump: [String] {
        proof.askedOfDump + restore.askedOfDump + (globals == nil ? [] : ["--globals"])
    }

    private static func stage(_ text: String) throws -> Stage {
        guard let stage = Stage(rawValue: text), [.integrity, .restore, .rows].contains(stage) else {
            throw ValidationError("\"\(text)\" is not integrity, restore or rows")
        }
        return stage
    }
}
