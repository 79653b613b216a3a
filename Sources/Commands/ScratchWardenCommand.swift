import ArgumentParser
import Glibc
import PostgreSQL

/// `restorable scratch-warden`: the process that owns one scratch server. Started by restorable itself.
struct ScratchWardenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: ScratchWarden.subcommand, abstract: "Owns one scratch server; started by restorable itself.",
        shouldDisplay: false)

    /// For people who read `ps`: the order comes on standard input.
    @Option(help: .hidden) var directory: String?

    func run() throws {
        let status = ScratchWarden.main()
        if status != 0 { throw ExitCode(status) }
    }
}
