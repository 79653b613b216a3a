import ArgumentParser
import Backups
import Daemon
import PostgreSQL
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
        let known = configuration.databases.map(\.name)
        for name in database where !known.contains(name) {
            throw ValidationError(
                "\(path) has no database \"\(name)\"; it has \(known.joined(separator: ", "))")
        }
        var requests: [VerificationRequest] = []
        var missing: [VerificationReport] = []
        var backups: [String: BackupIdentity] = [:]
        let choice = choice
        for settings in configuration.databases where database.isEmpty || database.contains(settings.name) {
            let listing = ConfiguredBackups(settings)
            do {
                let found = try listing.find()
                let chosen = choice.choose(from: found, of: settings.name)
                for backup in chosen { backups[backup.identity.path] = backup.identity }
                if chosen.isEmpty { missing.append(listing.noBackup()) }
                requests += try chosen.map { try settings.request(for: $0, scratch: configuration.scratch) }
            } catch let obstacle as Obstacle {
                missing.append(listing.unreadable(obstacle))
            }
        }
        let intervals = configuration.databases.map { ($0.name, $0.objectives.verifyEvery) }
        return ConfiguredRequests(
            found: requests, missing: missing,
            intervals: Dictionary(intervals, uniquingKeysWith: { first, _ in first }).compactMapValues(\.self),
            backups: backups, history: configuration.daemon.history)
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
