import ArgumentParser
import Glibc
import PostgreSQL

/// `restorable scratch-warden`: the process that owns one scratch server. Started by restorable itself.
struct ScratchWardenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: ScratchWarden.subcommand, abstract: "Owns one scratch server; started by restorable itself.",
        shouldDisplay: false)

    @Option(help: "The scratch directory, for people who read the list of processes.")
    var directory: String = ""

    func run() throws {
        throw ExitCode(ScratchWarden.main())
    }
}
