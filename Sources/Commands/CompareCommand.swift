import ArgumentParser
import Backups
import PostgreSQL
import Reports

/// `restorable compare`.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Is one live database equal to another? For migrations: schema, rows, content.",
        discussion: """
            What B lacks, or has otherwise than A, is a failure (exit status 1). Both are only read.

            Example:
              restorable compare 'service=old' 'service=new' --checksums

            \(RestorableCommand.exitStatusText)
            """)

    @Argument(help: "Connection string of the database that is right.") var a: String
    @Argument(help: "Connection string of the database that is judged.") var b: String

    @Flag(help: "Compare the content of every table by checksum.") var checksums = false

    @Option(help: "How far A may have moved on: 0.1% or a number of rows.", transform: ArgumentTypes.drift)
    var drift: Drift = .none

    @Option(help: "Connections to each side by side.", transform: ArgumentTypes.jobs)
    var jobs: Int = 2

    @Option(help: "End everything after this time, as 2h.", transform: ArgumentTypes.duration)
    var deadline: Duration?

    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        let comparison = Comparison(
            try ConnectionArgument.parse(a, option: "A"), try ConnectionArgument.parse(b, option: "B"), jobs: jobs,
            checksums: checksums, drift: drift)
        let outcome = try LongWork.run(named: "compare", deadline: deadline) { progress, cancellation in
            try comparison.run(progress: progress, cancellation: cancellation)
        }
        let result = CheckList(outcome.checks, tables: outcome.tables)
        StandardStream.output.write(json ? result.json.text + "\n" : result.text(style: StandardStream.output.style))
        let status = ExitStatus(of: [result.verdict])
        if status != .verified { throw ExitCode(status.rawValue) }
    }
}
