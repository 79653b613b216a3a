import ArgumentParser
import Settings

/// Which configuration is meant, and which databases of it.
struct ConfiguredDatabases: ParsableArguments {
    @Option(help: "Configuration file; else RESTORABLE_CONFIG.")
    var config: String?

    @Option(help: "Only this database (repeatable).")
    var database: [String] = []

    /// - Throws: `ValidationError` without a configuration; ``InvalidSettings`` for a wrong one.
    func load() throws -> Configuration {
        guard let path = ConfigurationPath.of(config) else { throw ConfigurationPath.missing }
        return try Configuration.load(path: path)
    }

    /// The configured databases that are meant, by name.
    /// - Throws: `ValidationError` for a name that `configuration` does not have.
    func chosen(from configuration: Configuration) throws -> [DatabaseSettings] {
        let known = configuration.databases.map(\.name)
        for name in database where !known.contains(name) { throw Self.unknown(name, known) }
        return configuration.databases.filter { database.isEmpty || database.contains($0.name) }
            .sorted { $0.name < $1.name }
    }

    static func unknown(_ name: String, _ known: [String]) -> ValidationError {
        ValidationError("there is no database \"\(name)\"; there is \(known.sorted().joined(separator: ", "))")
    }
}

/// The configuration file that a command line means.
enum ConfigurationPath {
    /// The file of `--config`, else the one that RESTORABLE_CONFIG names; `nil` without either.
    static func of(_ option: String?) -> String? {
        let path = option ?? ProcessEnvironment.variables["RESTORABLE_CONFIG"]
        return path?.isEmpty == false ? path : nil
    }

    static var missing: ValidationError {
        ValidationError("name the configuration with --config, or in RESTORABLE_CONFIG")
    }
}
