import ArgumentParser
import Backups
import Daemon
import Processes
import Reports
import Settings

/// `restorable forget NAME`.
struct ForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Removes a database that has no backups any more from the history and the metrics.",
        discussion: """
            A database that was found under {database} stays, and alarms, when its backups vanish, until it is forgotten. \
            The same removes what is left in the history of one that is configured no more. Works while the daemon runs, \
            and while it does not. Without --yes it tells what would be lost, and changes nothing.

            Examples:
              restorable forget old_shop --config /etc/restorable.yml
              restorable forget old_shop --config /etc/restorable.yml --yes

            Exit status: 0 it is forgotten; 2 it can't be, and the message says why; 64 wrong usage, an unknown database, \
            or --yes is missing; 70 internal error; 78 wrong configuration.
            """)

    @Argument(help: "The database.") var name: String

    @Option(help: "Configuration file; else RESTORABLE_CONFIG.")
    var config: String?

    @Flag(help: "Do it.") var yes = false
    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        guard let path = config ?? ProcessEnvironment.variables["RESTORABLE_CONFIG"], !path.isEmpty else {
            throw ValidationError("name the configuration with --config, or in RESTORABLE_CONFIG")
        }
        let configuration = try Configuration.load(path: path)
        let shown = PrintableText.line(name)
        let (name, yes) = (name, yes)
        let outcome = JoinedThread.run(named: "forget") {
            Result {
                let forgetting = Forgetting(name, configuration: configuration)
                let holdings = try forgetting.holdings()
                if holdings != nil, yes { try forgetting.run() }
                return holdings.map { Loss(name, $0, isForgotten: yes) }
            }
        }
        do {
            guard let loss = try outcome.get() else {
                throw ValidationError("the history \(configuration.daemon.history) has no database \"\(shown)\"")
            }
            StandardStream.output.write(json ? loss.json.text + "\n" : loss.text)
            if !yes { throw ExitCode(ExitStatus.usage.rawValue) }
        } catch let refusal as Forgetting.Refusal {
            let message = PrintableText.line(refusal.message)
            StandardStream.error.write("restorable: \(message)\nHINT: \(PrintableText.line(refusal.hint))\n")
            throw ExitCode(ExitStatus.inconclusive.rawValue)
        }
    }
}

/// What goes with a database.
private struct Loss: Sendable {
    let database: String
    let isForgotten: Bool
    let runs: Int
    let backups: Int
    let samples: Int
    let monitoredSince: Timestamp?

    init(_ database: String, _ holdings: HistoryHoldings, isForgotten: Bool) {
        self.database = database
        self.isForgotten = isForgotten
        (runs, backups, samples) = (holdings.runs, holdings.backups, holdings.samples)
        monitoredSince = holdings.monitoredSince
    }

    var text: String {
        let since = monitoredSince.map { ", known since \($0)" } ?? ""
        let parts = [
            Quantity.count(UInt64(runs), "verification"),
            "what is known of \(Quantity.count(UInt64(backups), "backup"))",
            Quantity.count(UInt64(samples), "sample") + " of production",
        ]
        let what = "\(PrintableText.line(database))\(since): \(parts.joined(separator: ", "))"
        return isForgotten
            ? "forgotten: \(what)\n" : "would be lost: \(what)\nNothing was changed; --yes forgets it.\n"
    }

    var json: JSONValue {
        .object([
            .init("database", .string(database)), .init("forgotten", .bool(isForgotten)),
            .init("verifications", .integer(Int64(runs))), .init("backups", .integer(Int64(backups))),
            .init("samples", .integer(Int64(samples))),
            .init("monitored_since", monitoredSince.map { .string("\($0)") } ?? .null),
        ])
    }
}
