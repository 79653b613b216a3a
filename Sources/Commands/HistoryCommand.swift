import ArgumentParser
import Backups
import History
import Reports
import Settings

/// `restorable history`.
struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "What was verified, or drilled: verdicts, proofs and durations, the newest first, with a trend.",
        discussion: """
            Reads the history of the configuration and changes nothing in it; the daemon may be running. With an ID, shows all \
            of that verification or drill: its stages, checks and tables. Failures of the past do not make this command fail.

            Examples:
              restorable history --config /etc/restorable.yml
              restorable history --config /etc/restorable.yml --database shop --limit 50
              restorable history --config /etc/restorable.yml --kind drill
              restorable history --config /etc/restorable.yml 812 --json

            Exit status: 0 it was shown; 2 the history can't be read; 64 wrong usage, an unknown ID too; 70 internal error; \
            78 wrong configuration.
            """)

    @OptionGroup var configured: ConfiguredDatabases

    @Option(help: "verification, drill, or all: which to show. Verifications when nothing is said.")
    var kind: RunChoice?

    @Option(help: "At most this many.", transform: Self.count)
    var limit: Int = 20

    @Flag(help: "Print one JSON object for each, on a line of its own.") var json = false

    @Argument(help: ArgumentHelp("A verification or a drill: all of it.", valueName: "id"), transform: Self.identifier)
    var id: RunID?

    func validate() throws {
        if id != nil, !configured.database.isEmpty || kind != nil {
            throw ValidationError("name either an ID, or --database and --kind, not both")
        }
    }

    func run() throws {
        let settings = try configured.load()
        let reader = HistoryReader(path: settings.daemon.history)
        if let id { return try show(id, reader) }
        let kind = (kind ?? .verification).kind
        let known = Set(settings.databases.map(\.name))
        let runs = try reader.snapshot { history in
            let recorded = try history.databases()
            for name in configured.database where !known.contains(name) && !recorded.contains(name) {
                throw ConfiguredDatabases.unknown(name, Array(known.union(recorded)))
            }
            return try history.runs(
                of: configured.database.isEmpty ? recorded : configured.database, kind: kind, limit: limit)
        }
        StandardStream.output.write(
            json
                ? runs.map { $0.json.text + "\n" }.joined()
                : RunList(runs, kind: kind).text(style: StandardStream.output.style))
    }

    private func show(_ id: RunID, _ reader: HistoryReader) throws {
        switch try reader.snapshot({ try $0.run(id) }) {
        case nil: throw ValidationError("the history has no verification \(id)")
        case .unfinished(let database, let since):
            StandardStream.error.write(
                "restorable: verification \(id) of \(PrintableText.line(database)), begun at \(since), has not ended\n"
                    + "HINT: Ask again when it has; one that was cut off is ended when restorable serve starts.\n")
            throw ExitCode(ExitStatus.inconclusive.rawValue)
        case .finished(let report):
            StandardStream.output.write(
                json
                    ? JSONValue.object([.init("id", .integer(id.rawValue)), .init("report", report.json)]).text + "\n"
                    : TerminalReport(report, style: StandardStream.output.style, isVerbose: true).text)
        }
    }

    private static func count(_ text: String) throws -> Int {
        guard let value = Int(text), (1...100_000).contains(value) else {
            throw ValidationError("\"\(text)\" is not a number from 1 to 100000")
        }
        return value
    }

    private static func identifier(_ text: String) throws -> RunID {
        guard let value = Int64(text), value > 0 else {
            throw ValidationError("\"\(text)\" is not an ID of a verification")
        }
        return RunID(value)
    }
}
