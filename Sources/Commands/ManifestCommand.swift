import ArgumentParser
import Backups
import Glibc
import PostgreSQL
import Reports
import Verification

/// `restorable manifest`.
struct ManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manifest", abstract: "Writes or checks the manifest of a backup.",
        discussion: """
            Examples:
              restorable manifest write /var/backups/shop.sql.gz
              restorable manifest check /var/backups/shop.sql.gz

            \(RestorableCommand.exitStatusText)
            """,
        subcommands: [ManifestWriteCommand.self, ManifestCheckCommand.self])
}

/// `restorable manifest write BACKUP`.
struct ManifestWriteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "write", abstract: "Fixes the bytes of an existing backup: size, SHA-256, rows as counted in it.",
        discussion: """
            Such a manifest shows later damage. What was in the database when the backup was made it can't know: only \
            restorable dump writes that.

            Example:
              restorable manifest write /var/backups/shop.sql.gz

            \(RestorableCommand.exitStatusText)
            """)

    @Argument(help: "A dump: file or directory.") var backup: String
    @Flag(help: "Write over a manifest that is there.") var force = false

    @Option(help: ArgumentTypes.maximumContentHelp, transform: ArgumentTypes.size)
    var maxContent: UInt64?

    func run() throws {
        let path = ManifestName.manifest(of: backup)
        guard force || access(path, F_OK) != 0 else {
            throw Obstacle(
                .manifestUnusable, "\(path) is there already",
                hint: "restorable manifest check holds the backup against it; --force writes it anew.")
        }
        let (backup, maxContent) = (backup, maxContent)
        let result = try LongWork.run(named: "manifest") { progress, cancellation in
            ManifestScan(backup, maximumContent: maxContent, progress: progress, cancellation: cancellation).run()
        }
        switch result {
        case .success(let manifest):
            try ReportFile(path).write(String(decoding: try manifest.jsonBytes(), as: UTF8.self))
            StandardStream.output.write(
                "\(path)  \(Quantity.count(UInt64(manifest.tables.count), "table")) as counted in the backup\n")
        case .failure(let flawed):
            let list = CheckList(flawed.checks, tables: [])
            StandardStream.output.write(list.text(style: StandardStream.output.style))
            throw ExitCode(ExitStatus(of: [list.verdict]).rawValue)
        }
    }
}

/// `restorable manifest check BACKUP`.
struct ManifestCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Is this backup the one that its manifest describes? By size and SHA-256.",
        discussion: """
            Example:
              restorable manifest check /var/backups/shop.sql.gz

            \(RestorableCommand.exitStatusText)
            """)

    @Argument(help: "A dump: file or directory.") var backup: String
    @Option(help: "The manifest; else the one beside the backup.") var manifest: String?
    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        let (backup, path) = (backup, manifest ?? ManifestName.manifest(of: backup))
        let check = try LongWork.run(named: "manifest") { _, cancellation in
            try ManifestCheck.run(ManifestFile.read(path), path: backup, cancellation: cancellation)
        }
        let list = CheckList([check], tables: [])
        StandardStream.output.write(json ? list.json.text + "\n" : list.text(style: StandardStream.output.style))
        let status = ExitStatus(of: [list.verdict])
        if status != .verified { throw ExitCode(status.rawValue) }
    }
}
