import ArgumentParser
import Backups
import Daemon
import Glibc
import Logging
import PostgreSQL
import Processes
import Settings

/// `restorable serve`.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "The daemon: finds backups, verifies them on schedule, serves metrics and a status page.",
        discussion: """
            SIGTERM ends it gracefully; SIGHUP and POST /-/reload read the configuration again, and a bad file changes \
            nothing but what is said of it.

            Examples:
              restorable serve --config /etc/restorable.yml
              restorable serve --config restorable.yml --log-format json --log-level info

            Exit status: 0 ended by a signal; 2 it could not serve; 64 wrong usage; 70 internal error; 78 wrong \
            configuration.
            """)

    @Option(help: "Configuration file; else RESTORABLE_CONFIG.")
    var config: String?

    @OptionGroup(title: "Logs") var logs: LogOptions

    func run() throws {
        guard let path = config ?? ProcessEnvironment.variables["RESTORABLE_CONFIG"], !path.isEmpty else {
            throw ValidationError("name the configuration with --config, or in RESTORABLE_CONFIG")
        }
        // Whoever sends a signal to a daemon wants to read that it was heard.
        let log = logs.makeLogger(level: .notice)
        // A client that goes away is an error of write, and not the end.
        signal(SIGPIPE, SIG_IGN)
        ConnectionParameters.keepServiceForProduction()
        let daemon = try Daemon(
            program: ProgramFacts(revision: BuildRevision.current), load: { try Configuration.load(path: path) },
            log: log)
        let end = SignalledOnce<Result<Void, any Error>>()
        Task {
            do {
                try await daemon.run()
                end.set(.success(()))
            } catch {
                end.set(.failure(error))
            }
        }
        Task {
            guard let address = await daemon.address else { return }
            StandardStream.error.write("restorable: serving on \(address)\n")
        }
        try end.wait().get()
    }
}
