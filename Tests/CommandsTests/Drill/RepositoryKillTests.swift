import Glibc
import Processes
import TestSupport
import Testing

/// `kill -9` while a tool of a repository is at work: it ends, with all that it started, and what it left goes.
@Suite(.serialized) struct RepositoryKillTests {
    private let directory: TemporaryDirectory
    private var scratch: String { directory.file("scratch") }

    init() throws { directory = try TemporaryDirectory() }

    /// - Returns: a repository with one backup, of which a drill is verified.
    private func production(_ keeper: RepositoryKeeper) throws -> any RepositoryServer {
        let production = try keeper.makeServer()
        try production.server.maintenance.run("CREATE TABLE t AS SELECT g AS id FROM generate_series(1, 1000) g")
        try (production as? BarmanCloudServer)?.beginArchiving()
        try production.backUp()
        try production.archiveAll()
        let whole = try Restorable.run(arguments(production), environment: production.variables)
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        return production
    }

    private func arguments(_ production: any RepositoryServer) -> [String] {
        ["drill", "--base", production.address, "--wal", production.address, "--scratch-directory", scratch]
    }

    private func start(_ production: any RepositoryServer, _ variables: [String: String]) throws -> ChildProcess {
        let environment = production.variables.merging(variables) { _, new in new }
        return try ChildProcess.start(
            Command(
                Restorable.path, arguments(production), environment: CleanEnvironment.variables(environment),
                parentDeathSignal: .kill))
    }

    /// - Parameter tools: besides those that name the scratch.
    private func kill(_ child: ChildProcess, with tools: [Int32]) throws {
        child.signal(SIGKILL)
        #expect(child.wait() == .signalled(SIGKILL))
        try DaemonProcess.eventually("the tool is gone, and all that it started") {
            try tools.allSatisfy { Glibc.kill($0, 0) != 0 } && ScratchProcesses.below(scratch).isEmpty
        }
        // The warden clears up by itself; what is left all the same goes with the next collection.
        try DaemonProcess.eventually("the scratch is gone") {
            let collected = try Restorable.run(["gc", "--json", "--scratch-directory", scratch])
            #expect(collected.status == 0, "\(collected.outputText)\(collected.errorText)")
            return try TestFile.names(in: scratch).allSatisfy { !$0.hasPrefix("scratch-") }
        }
    }

    /// A program of a tool that stands still as soon as it is to do something, or as soon as it did.
    struct Halt: CustomTestStringConvertible {
        let keeper: RepositoryKeeper
        let program: String
        let script: String
        let testDescription: String

        /// - Parameter word: stands among its arguments then.
        init(_ keeper: RepositoryKeeper, _ program: String, at word: String) {
            self.init(
                keeper, program, "for word; do [ \"$word\" != \(word) ] || stand_still; done", "\(program) \(word)")
        }

        private init(_ keeper: RepositoryKeeper, _ program: String, _ script: String, _ description: String) {
            (self.keeper, self.program, self.script, testDescription) = (keeper, program, script, description)
        }

        /// Barman copies by rsync: one of its runs has brought files, and Barman waits for it.
        static let barmanCopies = Halt(
            .barman, "rsync",
            """
            /usr/bin/rsync "$@" || exit
            [ ! -e "$last/base/1" ] || stand_still
            exit 0
            """, "rsync of barman recover")
    }

    private static let halts = [
        Halt(.pgBackRest, "pgbackrest", at: "restore"), Halt(.pgBackRest, "pgbackrest", at: "archive-get"),
        Halt(.pgBackRest, "pgbackrest", at: "info"), .barmanCopies, Halt(.barman, "barman", at: "get-wal"),
        Halt(.barmanCloud, "barman-cloud-wal-restore", at: BarmanCloudServer.name),
    ]

    @Test(arguments: halts) func aKilledDrillLeavesNothing(halt: Halt) throws {
        let production = try production(halt.keeper)
        let front = try FrontProgram(halt.program, halt.script, in: directory)
        let child = try start(production, ["PATH": front.path])
        try DaemonProcess.eventually("\(halt.testDescription) stands still") { try front.standing() != nil }
        let working = try ScratchProcesses.below(scratch)
        if halt.program == "rsync" { #expect(working.count > 1, "Barman itself is not there") }
        try kill(child, with: working + [#require(try front.standing())])
    }

    /// pgBackRest itself, with the processes that copy for it: one of them waits for a file that never comes.
    @Test func aRestoreOfPgBackRestEndsInItsMiddle() throws {
        let repository = try #require(try production(.pgBackRest) as? PgBackRestServer)
        let label = try #require(
            try TestFile.names(in: "\(repository.repository)/backup/main").first { $0.first?.isNumber == true })
        let file = try repository.dataFile(of: label)
        try Tool.run("rm", [file])
        #expect(mkfifo(file, 0o644) == 0)
        let child = try start(repository, [:])
        try DaemonProcess.eventually("it copies") {
            try !Tool.shell("ls -d \"$1\"/scratch-*/data/*/* 2>/dev/null || true", [scratch]).output.isEmpty
        }
        let working = try ScratchProcesses.below(scratch)
        #expect(!working.isEmpty)
        try kill(child, with: working)
    }

    /// `barman-cloud-restore` unpacks what comes from the store, until nothing comes any more.
    @Test func aRestoreOfBarmanCloudEndsInItsMiddle() throws {
        let production = try production(.barmanCloud)
        let proxy = try FaultProxy(before: S3Server.shared().port)
        proxy.answer { $0.method == "GET" && $0.target.contains("data.tar") ? .stall(after: 4 << 20) : nil }
        let child = try start(production, ["AWS_ENDPOINT_URL": proxy.endpoint])
        try DaemonProcess.eventually("it unpacks") {
            try !Tool.shell("ls -d \"$1\"/scratch-*/data/*/* 2>/dev/null || true", [scratch]).output.isEmpty
        }
        let working = try ScratchProcesses.below(scratch)
        #expect(!working.isEmpty)
        try kill(child, with: working)
    }
}
