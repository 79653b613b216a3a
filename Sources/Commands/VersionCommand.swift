import ArgumentParser
import Backups

/// `restorable version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Prints the version, and the commit it was built from.",
        discussion: "Example:\n  restorable version --json\n\n\(RestorableCommand.exitStatusText)")

    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        let version = ToolVersion.current
        let revision = BuildRevision.current
        let text =
            json
            ? JSONValue.object([.init("restorable", .string(version)), .init("revision", .string(revision))]).text
            : "restorable \(version) (revision \(revision))"
        StandardStream.output.write(text + "\n")
    }
}
