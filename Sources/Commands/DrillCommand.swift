import ArgumentParser
import Backups
import Locations
import PostgreSQL
import Processes
import Reports
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
            2026-11-20T02:00:07+01:00, lsn:16/B374D848, xid:12345, or name:RESTORE-POINT.

            Examples:
              restorable drill --base /var/backups/base --wal /var/backups/wal
              restorable drill --base /var/backups/base --wal s3://backups/wal --to 2026-11-20T02:00:07Z
              restorable drill --base base --wal wal --to xid:7412 --query 'SELECT count(*) > 0 FROM orders'

            \(RestorableCommand.exitStatusText)
            """)

    @Option(help: "The base backup that pg_basebackup wrote, plain or tar: its directory, s3://… or rclone:….")
    var base: String
    @Option(help: "The WAL archive: a directory, s3://BUCKET/PREFIX or rclone:REMOTE:PATH.") var wal: String

    @Option(
        name: .customLong("to"), help: ArgumentHelp("How far to recover.", valueName: "target"),
        transform: Self.target)
    var target: RecoveryTarget = .latest

    @Option(help: "Recover along this timeline: its number, or latest.", transform: Self.timeline)
    var timeline: Timeline = .latest

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

    @OptionGroup(title: "Scratch") var scratch: DrillOptionGroup

    @Flag(help: "Print one JSON object.") var json = false
    @Option(help: "Write one self-contained HTML file.") var report: String?
    @Flag(name: .shortAndLong, help: "Show every table and every detail.") var verbose = false
    @OptionGroup(title: "Logs") var logs: LogOptions

    enum Timeline: Equatable {
        case latest
        case number(UInt32)
    }

    func validate() throws {
        if !fresh.isEmpty, rpo == nil { throw ValidationError("--fresh needs --rpo: how old may the newest value be?") }
    }

    func run() throws {
        let file = try report.map { try ReportFile($0) }
        let (request, logger) = (makeRequest(), logs.makeLogger())
        let result = try LongWork.run(named: "drill", deadline: scratch.deadline) { progress, cancellation in
            Drill(request, progress: progress, cancellation: cancellation, log: logger).run()
        }
        StandardStream.output.write(
            json
                ? result.json.text + "\n"
                : TerminalReport(result, style: StandardStream.output.style, isVerbose: verbose).text)
        try file?.write(HTMLReport([result]).text)
        let status = ExitStatus(of: [result.conclusion.verdict])
        if status != .verified { throw ExitCode(status.rawValue) }
    }

    private func makeRequest() -> DrillRequest {
        var verification = VerificationRequest(backup: Self.address(base))
        verification.locations = KnownLocations.ofProcess
        verification.allowsEmpty = allowEmpty
        verification.objectives = Objectives(rpo: rpo, rto: rto)
        verification.restore = scratch.restoreOptions
        verification.proof.freshness = fresh
        verification.proof.queries = query.enumerated().map { CustomQuery(name: "\($0.offset + 1)", sql: $0.element) }
        var request = DrillRequest(base: verification, archive: Self.address(wal))
        request.target = target
        if case .number(let number) = timeline { request.timeline = number }
        request.database = dbname
        request.looksForBrokenStructures = !skipAmcheck
        return request
    }

    private static func address(_ text: String) -> String {
        KnownLocations.isAddress(text) ? text : AbsolutePath.of(text)
    }

    private static func target(_ text: String) throws -> RecoveryTarget {
        do {
            return try RecoveryTarget(text)
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
