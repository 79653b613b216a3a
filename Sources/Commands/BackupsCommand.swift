import ArgumentParser
import Backups
import History
import Reports
import Settings

/// `restorable backups`.
struct BackupsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backups",
        abstract: "What the catalog holds: every backup at the locations of the configuration.",
        discussion: """
            A line each, the newest first: its format by its first bytes, its size, the moment whose data it shows (from its \
            manifest or its name), when it was finished, whether it is still being written, and what its last verification \
            said, where the history has one.

            Examples:
              restorable backups --config /etc/restorable.yml
              restorable backups --config /etc/restorable.yml --database shop --json

            Exit status: 0 all is listed; 2 a location, or the history, can't be read; 64 wrong usage; 70 internal error; \
            78 wrong configuration.
            """)

    @OptionGroup var configured: ConfiguredDatabases
    @Flag(help: "Print one JSON object per backup and line.") var json = false

    func run() throws {
        let settings = try configured.load()
        let survey = CatalogSurvey(settings.databases)
        let known = survey.holdings.map(\.settings.name)
        let holdings = survey.holdings.filter { one in
            configured.database.isEmpty || configured.database.contains { one.isOf($0) }
        }
        for name in configured.database where !holdings.contains(where: { $0.isOf(name) }) {
            throw ConfiguredDatabases.unknown(name, known)
        }
        let recorded = Recorded(holdings.map(\.settings.name), path: settings.daemon.history)
        let now = Timestamp.now()
        let lists = holdings.map {
            BackupList($0, lastRuns: recorded.lastRuns[$0.settings.name] ?? [:], at: now)
        }
        let text =
            json
            ? lists.flatMap(\.json).map { $0.text + "\n" }.joined()
            : BackupList.text(lists, style: StandardStream.output.style)
        StandardStream.output.write(text)
        let obstacles = lists.compactMap { list -> String? in
            guard case .failure(let obstacle) = list.backups else { return nil }
            return "\(PrintableText.line(list.database)): \(obstacle)"
        }
        let problems = obstacles + survey.notices.map(PrintableText.line) + [recorded.problem].compactMap(\.self)
        for problem in problems { StandardStream.error.write("restorable: \(problem)\n") }
        if !problems.isEmpty { throw ExitCode(ExitStatus.inconclusive.rawValue) }
    }
}

/// What the history last said of backups.
private struct Recorded {
    var lastRuns: [String: [BackupIdentity: RunSummary]] = [:]
    /// Why it could not be read, where it is there.
    var problem: String?

    /// Without a history nothing was verified: then there is nothing to tell.
    init(_ databases: [String], path: String) {
        guard HistoryReader(path: path).isThere else { return }
        do {
            lastRuns = try HistoryReader(path: path).snapshot { history in
                try databases.reduce(into: [:]) { $0[$1] = try history.lastRuns(of: $1) }
            }
        } catch {
            problem = "the verifications are left out: \(error)"
        }
    }
}
