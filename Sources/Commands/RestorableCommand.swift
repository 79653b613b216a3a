public import ArgumentParser
import Backups
import Glibc
import Processes
import Settings

/// `restorable`: the root of the command line.
public struct RestorableCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "restorable",
        abstract: "Proves that database backups restore.",
        discussion: """
            Example:
              restorable verify /var/backups/shop.sql.gz

            \(exitStatusText)
            """,
        version: ToolVersion.current,
        subcommands: [
            VerifyCommand.self, ServeCommand.self, DumpCommand.self, ManifestCommand.self, CompareCommand.self,
            BackupsCommand.self, HistoryCommand.self, DrillCommand.self, WalCommand.self, RulesCommand.self,
            GcCommand.self,
            ForgetCommand.self,
            ConfigCommand.self, VersionCommand.self, ScratchWardenCommand.self, ScratchCellCommand.self,
        ])

    /// Stands in the help of every command.
    static let exitStatusText = """
        Exit status: 0 everything asked for is verified; 1 at least one backup failed, and nothing else gives 1; \
        2 none failed, but something could not be checked (inconclusive); 64 wrong usage; 70 internal error; \
        78 wrong configuration.
        """

    public init() {}

    /// Commands whose status says what was proved, also when a signal ends them before they have begun.
    private static let judging: Set = ["verify", "drill", "dump", "manifest", "compare"]

    /// Parses the arguments of this process, runs the command, and ends the process with its status.
    public static func start() -> Never {
        // Before anything secret is read, and in every command: a crash must not write passwords to disk either.
        OwnMemory.keepPrivate()
        LibraryEnds.leaveToKernel()
        if let name = CommandLine.arguments.dropFirst().first, judging.contains(name) { TerminationSignals.endAtOnce() }
        var command: any ParsableCommand
        do {
            command = try parseAsRoot()
        } catch {
            // Help and version end well; everything else is wrong usage.
            exit(withError: error)
        }
        do {
            try command.run()
            Glibc.exit(ExitStatus.verified.rawValue)
        } catch {
            end(with: error)
        }
    }

    private static func end(with error: any Error) -> Never {
        switch error {
        case let code as ExitCode:
            Glibc.exit(code.rawValue)
        case is CleanExit, is ValidationError:
            exit(withError: error)
        case let invalid as InvalidSettings:
            StandardStream.error.write("\(invalid)\n")
            Glibc.exit(ExitStatus.configuration.rawValue)
        case let obstacle as Obstacle:
            StandardStream.error.write("restorable: \(obstacle)\n")
            Glibc.exit(ExitStatus.inconclusive.rawValue)
        default:
            // ArgumentParser would say 1 here, which means that a backup failed.
            let message = message(for: error)
            guard exitCode(for: error).rawValue != EXIT_FAILURE || message.isEmpty else {
                StandardStream.error.write("restorable: internal error: \(message)\n")
                Glibc.exit(ExitStatus.internalError.rawValue)
            }
            exit(withError: error)
        }
    }
}
