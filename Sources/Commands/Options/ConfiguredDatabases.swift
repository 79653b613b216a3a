import ArgumentParser
import Reports
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

    static func unknown(_ name: String, _ known: [String]) -> ValidationError {
        let some = known.sorted().prefix(20).joined(separator: ", ") + (known.count > 20 ? ", …" : "")
        return ValidationError(PrintableText.line("there is no database \"\(name)\"; there is \(some)"))
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
