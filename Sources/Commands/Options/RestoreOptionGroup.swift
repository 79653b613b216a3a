import ArgumentParser
import Backups
import Verification

/// Options of the restore of a backup, and of the throw-away server that it is restored into.
struct RestoreOptionGroup: ParsableArguments {
    @Option(help: "native: our own loader; psql: the tool of the bad day.")
    var loader: RestoreOptions.LoaderChoice = .native

    @Option(help: "Restore only this table (repeatable).", transform: ArgumentTypes.table)
    var table: [TableName] = []

    @Option(help: "Restore only this schema (repeatable).")
    var schema: [String] = []

    @Option(help: "Go on without this extension when the machine lacks it (repeatable).")
    var ignoreExtension: [String] = []

    @Option(help: ArgumentTypes.maximumContentHelp, transform: ArgumentTypes.size)
    var maxContent: UInt64?

    @OptionGroup var scratch: ScratchOptionGroup

    /// Options that were given and mean nothing for a base backup.
    var askedOfDump: [String] {
        let given: [(String, Bool)] = [
            ("--loader psql", loader == .psql), ("--table", !table.isEmpty), ("--schema", !schema.isEmpty),
            ("--ignore-extension", !ignoreExtension.isEmpty),
        ]
        return given.filter(\.1).map(\.0)
    }

    /// The options given on the line, over `base`.
    func apply(to base: RestoreOptions) -> RestoreOptions {
        var options = base
        options.loader = loader
        options.tables = table
        options.schemas = schema
        options.ignoredExtensions += ignoreExtension
        options.maximumContent = maxContent ?? options.maximumContent
        scratch.choice(&options)
        return options
    }
}
