import Glibc
import TestSupport
import Testing

/// The disk of scratch fills while a tool restores: nobody can tell then whether the backup is any good, and nothing is said
/// against it.
@Suite(.serialized, .enabled(if: SmallFileSystem.isAllowed)) struct RepositoryFullDiskTests {
    /// What is told to restore, and by which word.
    struct Restorer: CustomTestStringConvertible {
        let keeper: RepositoryKeeper
        let program: String
        let word: String
        /// Lines for Barman's configuration.
        var lines: [String] = []
        var testDescription: String { ([keeper.rawValue] + lines).joined(separator: ", ") }

        /// Mounts a small file system of its own over its data directory, where nobody but the tool sees it: what it says is all
        /// that there is to go by.
        var lacksRoom: String {
            """
            for word; do [ "$word" != \(word) ] || found=1; case "$word" in --pg1-path=*) last=${word#--pg1-path=} ;; esac; done
            if [ "$found" ]; then
                if [ -z "$STARTED" ]; then export STARTED=1; exec unshare -m "$0" "$@"; fi
                mount -t tmpfs -o size=8m,mode=700 none "$last" || exit 99
            fi
            """
        }

        /// Somebody else takes all but a little of the disk before the tool begins.
        func fills(_ disk: SmallFileSystem) -> String {
            """
            for word; do [ "$word" != \(word) ] || found=1; done
            if [ "$found" ]; then
                left=$(df --output=avail -B1 "\(disk.path)" | tail -n 1)
                fallocate -l $((left - 8388608)) "\(disk.path)/ballast" || exit 99
            fi
            """
        }

        /// The same, by a tool that does not look at how its own commands end.
        func fillsUnseen(_ disk: SmallFileSystem) -> String {
            """
            \(fills(disk))
            [ -z "$found" ] || { /usr/bin/\(program) "$@" 2>/dev/null; exit 0; }
            """
        }
    }

    private static let restorers = [
        Restorer(keeper: .pgBackRest, program: "pgbackrest", word: "restore"),
        Restorer(keeper: .barman, program: "barman", word: "recover"),
        Restorer(
            keeper: .barman, program: "barman", word: "recover",
            lines: ["backup_method = postgres", "backup_compression = gzip"]),
        Restorer(keeper: .barman, program: "barman", word: "recover", lines: ["backup_method = local-rsync"]),
        Restorer(keeper: .barmanCloud, program: "barman-cloud-restore", word: BarmanCloudServer.name),
        Restorer(keeper: .command, program: "sh", word: "restore"),
    ]

    private let directory: TemporaryDirectory
    private let disk: SmallFileSystem
    private var scratch: String { "\(disk.path)/scratch" }

    init() throws {
        directory = try TemporaryDirectory()
        disk = try SmallFileSystem(bytes: 512 << 20)
    }

    private func drill(_ production: any RepositoryServer, _ front: FrontProgram? = nil) throws -> ToolResult {
        var environment = production.variables
        if let front { environment["PATH"] = front.path }
        return try Restorable.run(
            [
                "drill", "--json", "--base", production.address, "--wal", production.address, "--scratch-directory",
                scratch, "--deadline", "3m",
            ], environment: environment)
    }

    @Test(arguments: restorers) func itIsNotTheBackupsFault(restorer: Restorer) throws {
        let production = try restorer.keeper.makeServer()
        try production.server.maintenance.run("CREATE TABLE t AS SELECT g AS id FROM generate_series(1, 1000) g")
        if !restorer.lines.isEmpty { try (production as? BarmanServer)?.use(restorer.lines) }
        try (production as? BarmanCloudServer)?.beginArchiving()
        try production.backUp()
        try production.archiveAll()
        let whole = try drill(production)
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        for script in [restorer.lacksRoom, restorer.fills(disk), restorer.fillsUnseen(disk)] {
            let full = try drill(production, FrontProgram(restorer.program, script, in: directory))
            #expect(full.status == 2, "\(script)\n\(full.outputText)\(full.errorText)")
            // Where a copy fails, Barman's pool of processes now and then waits for ever for those that it ended (`copy` of
            // barman/copy_controller.py): the deadline ends it.
            let reasons = ["disk-full"] + (restorer.keeper == .barman ? ["deadline-exceeded"] : [])
            #expect(
                reasons.contains { full.outputText.contains(#""verdict":"inconclusive","reason":"\#($0)""#) },
                "\(full.outputText)")
            // There is room for whoever looks from outside: it is the tool that was understood.
            if script == restorer.lacksRoom {
                #expect(!full.outputText.contains(" are free in "), "\(full.outputText)")
            }
            disk.makeSpace()
            #expect(try TestFile.names(in: scratch).filter { $0.hasPrefix("scratch-") } == [])
        }
    }
}
