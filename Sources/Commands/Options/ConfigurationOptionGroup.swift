import ArgumentParser
import Backups
import Daemon
import PostgreSQL
import Reports
import Settings
import Verification

/// Which configured databases are meant.
struct ConfigurationOptionGroup: ParsableArguments {
    @Option(help: "Configuration file; else RESTORABLE_CONFIG.")
    var config: String?

    @Option(help: "Only this configured database (repeatable).")
    var database: [String] = []

    @Flag(help: "The newest backup of each database (the default).")
    var latest = false

    @Flag(help: "Every backup of each database.")
    var all = false

    @Option(
        help: ArgumentHelp(
            "The newest backup of each database, and this many of the others at random.", valueName: "n"),
        transform: Self.count)
    var sample: Int?

    @Option(help: ArgumentHelp("Take the same random ones as another run with this number.", valueName: "number"))
    var seed: UInt64?

    var path: String? { ConfigurationPath.of(config) }

    func validate() throws {
        if [latest, all, sample != nil].count(where: \.self) > 1 {
            throw ValidationError("only one of --latest, --all and --sample")
        }
        if seed != nil, sample == nil { throw ValidationError("--seed needs --sample") }
        if path == nil, latest || all || sample != nil || !database.isEmpty {
            throw ValidationError("--database, --latest, --all and --sample need --config")
        }
    }

    /// What the configuration asks for, and a report for each database that has no backup.
    func load(_ path: String) throws -> ConfiguredRequests {
        let configuration = try Configuration.load(path: path)
        let known = ConfiguredBackups.of(configuration.databases)
        let names = known.map(\.settings.name)
        let wanted = known.filter { listed in
            database.isEmpty || database.contains { listed.settings.name == $0 || listed.mayHold($0) }
        }
        for name in database where !wanted.contains(where: { $0.settings.name == name || $0.mayHold(name) }) {
            let some = names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
            throw ValidationError(PrintableText.line("\(path) has no database \"\(name)\"; it has \(some)"))
        }
        var requests = ConfiguredRequests(found: [], history: configuration.daemon.history)
        let choice = choice
        for listed in wanted {
            do {
                let found = try listed.found.get()
                requests.present[listed.settings.name] = found
                let chosen = choice.choose(from: found, of: listed.settings.name)
                for backup in chosen { requests.backups[backup.identity.path] = backup.identity }
                if chosen.isEmpty { requests.missing.append(listed.noBackup()) }
                requests.found += try chosen.map {
                    var request = try listed.settings.request(for: $0, scratch: configuration.scratch)
                    request.isFinished = listed.question(about: $0)
                    return request
                }
            } catch let obstacle as Obstacle {
                requests.missing.append(listed.unreadable(obstacle))
            }
        }
        for listed in known { requests.intervals[listed.settings.name] = listed.settings.objectives.verifyEvery }
        return requests
    }

    private var choice: BackupChoice {
        guard !all else { return .all }
        guard let sample else { return .latest }
        return .sample(sample, seed: seed ?? UInt64.random(in: 0...UInt64.max))
    }

    private static func count(_ text: String) throws -> Int {
        guard let value = Int(text), (0...100_000).contains(value) else {
            throw ValidationError("\"\(text)\" is not a number from 0 to 100000")
        }
        return value
    }
}
