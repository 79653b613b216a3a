import ArgumentParser
import Backups
import Daemon
import Glibc
import PostgreSQL
import Reports
import Settings

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
        let known = ConfiguredBackups.of(configuration.databases)
        let names = known.map(\.settings.name)
        let wanted = known.filter { listed in
            database.isEmpty || database.contains { listed.settings.name == $0 || listed.mayHold($0) }
        }
        for name in database where !wanted.contains(where: { $0.settings.name == name || $0.mayHold(name) }) {
            let some = names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
            throw ValidationError(PrintableText.line("\(path) has no database \"\(name)\"; it has \(some)"))
        }
        var requests = ConfiguredRequests(found: [])
        for listed in wanted {
            do {
                let found = try listed.found.get()
                let chosen = all ? found : Array(found.suffix(1))
                if chosen.isEmpty { requests.missing.append(listed.noBackup()) }
                requests.found += try chosen.map {
                    try listed.settings.request(for: $0, scratch: configuration.scratch)
                }
            } catch let obstacle as Obstacle {
                requests.missing.append(listed.unreadable(obstacle))
            }
        }
        for listed in known { requests.intervals[listed.settings.name] = listed.settings.objectives.verifyEvery }
        return requests
    }
}
