import ArgumentParser
import PostgreSQL

/// `restorable scratch-cell`: becomes a scratch server that sees no file but its own. Started by restorable itself.
struct ScratchCellCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: ScratchCell.subcommand, abstract: "Becomes a scratch server; started by restorable itself.",
        shouldDisplay: false)

    @Argument(parsing: .captureForPassthrough, help: .hidden) var arguments: [String] = []

    func run() throws {
        throw ExitCode(ScratchCell.main(arguments))
    }
}
