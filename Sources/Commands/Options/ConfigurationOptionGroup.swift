import ArgumentParser
import Backups
import Daemon
import Glibc
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

    var path: String? {
        config ?? getenv("RESTORABLE_CONFIG").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    func validate() throws {
        if latest, all { throw ValidationError("--latest or --all, not both") }
        if path == nil, latest || all || !database.isEmpty {
            throw ValidationError("--database, --latest and --all need --config")
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
        for settings in configuration.databases where database.isEmpty || database.contains(settings.name) {
            let listing = ConfiguredBackups(settings)
            do {
                let found = try listing.find()
                let chosen = all ? found : Array(found.suffix(1))
                if chosen.isEmpty { missing.append(listing.noBackup()) }
                requests += try chosen.map { try settings.request(for: $0, scratch: configuration.scratch) }
            } catch let obstacle as Obstacle {
                missing.append(listing.unreadable(obstacle))
            }
        }
        let intervals = configuration.databases.map { ($0.name, $0.objectives.verifyEvery) }
        return ConfiguredRequests(
            found: requests, missing: missing,
            intervals: Dictionary(intervals, uniquingKeysWith: { first, _ in first }).compactMapValues(\.self))
    }
}
