import ArgumentParser
import Backups
import Settings

/// `restorable config`.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Checks a configuration, or prints an example or its schema.",
        discussion: """
            Examples:
              restorable config example > restorable.yml
              restorable config check restorable.yml
              restorable config schema > restorable.schema.json

            \(RestorableCommand.exitStatusText)
            """,
        subcommands: [ConfigCheckCommand.self, ConfigExampleCommand.self, ConfigSchemaCommand.self])
}

/// `restorable config check FILE`.
struct ConfigCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Tells every problem of a configuration, with line and column.",
        discussion: """
            Example:
              restorable config check /etc/restorable.yml

            \(RestorableCommand.exitStatusText)
            """)

    @Argument(help: "The configuration file.") var file: String
    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        do {
            let configuration = try Configuration.load(path: file)
            let count = Quantity.count(UInt64(configuration.databases.count), "database")
            StandardStream.output.write(json ? result([]).text + "\n" : "\(file): valid, \(count)\n")
        } catch let invalid as InvalidSettings where json {
            StandardStream.output.write(result(invalid.problems).text + "\n")
            throw ExitCode(ExitStatus.configuration.rawValue)
        }
    }

    private func result(_ problems: [SettingsProblem]) -> JSONValue {
        .object([
            .init("file", .string(file)), .init("valid", .bool(problems.isEmpty)),
            .init(
                "problems",
                .array(
                    problems.map { problem in
                        .object([
                            .init("line", problem.line.map { .integer(Int64($0)) } ?? .null),
                            .init("column", problem.column.map { .integer(Int64($0)) } ?? .null),
                            .init("message", .string(problem.message)),
                        ])
                    })),
        ])
    }
}

/// `restorable config example`.
struct ConfigExampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "example", abstract: "Prints a commented configuration.",
        discussion: """
            Example:
              restorable config example > restorable.yml

            \(RestorableCommand.exitStatusText)
            """)

    func run() throws {
        StandardStream.output.write(Configuration.example)
    }
}

/// `restorable config schema`.
struct ConfigSchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Prints the JSON schema of configurations, for editors.",
        discussion: """
            An editor with the language server for YAML completes keys and marks mistakes when this is the first line of \
            restorable.yml:
              # yaml-language-server: $schema=restorable.schema.json

            Example:
              restorable config schema > restorable.schema.json

            \(RestorableCommand.exitStatusText)
            """)

    func run() throws {
        StandardStream.output.write(ConfigurationSchema.text)
    }
}
