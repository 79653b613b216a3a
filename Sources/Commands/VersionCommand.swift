import ArgumentParser
import Backups

/// `restorable version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Prints the version.",
        discussion: "Example:\n  restorable version --json\n\n\(RestorableCommand.exitStatusText)")

    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        let version = ToolVersion.current
        let text = json ? JSONValue.object([.init("restorable", .string(version))]).text : "restorable \(version)"
        StandardStream.output.write(text + "\n")
    }
}
