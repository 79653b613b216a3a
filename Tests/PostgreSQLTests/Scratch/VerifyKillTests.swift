import Backups
import Glibc
import Processes
import TestSupport
import Testing

@testable import PostgreSQL

/// Kills `restorable verify` with SIGKILL while it loads a dump: nothing of it is left after the next collection or run.
@Suite struct VerifyKillTests {
    /// One verification, watched from outside.
    private struct Run {
        let root: TemporaryRoot
        let child: ChildProcess

        init(_ root: TemporaryRoot, _ backup: String) throws {
            self.root = root
            child = try ChildProcess.start(
                Command(TestScratch.executable(), VerifyKillTests.arguments(root, backup), parentDeathSignal: .kill))
        }

        /// Waits until what was restored takes `bytes` on disk.
        /// - Returns: whether it came so far; not, when the run ended before.
        func wait(for bytes: Int64) -> Bool {
            var connection: Connection?
            while child.wait(for: .milliseconds(2)) == nil {
                connection = connection ?? connect()
                let size = try? connection?.query(
                    "SELECT pg_database_size(oid) FROM pg_database WHERE datname = 'restored'")
                if let size = size?.integer(0, 0), size >= bytes { return true }
            }
            return false
        }

        /// `nil` while there is no server yet.
        private func connect() -> Connection? {
            guard let name = root.scratch.first else { return nil }
            return try? Connection(
                ConnectionParameters([
                    "host": "\(root.path)/\(name)/s", "user": "restorable_scratch", "dbname": "postgres",
                ]))
        }

        /// - Parameter withWarden: nobody is left then who could clean up.
        func kill(withWarden: Bool) {
            let wardens = withWarden ? RootProcesses.find(below: root.path).filter(isWarden) : []
            child.signal(SIGKILL)
            for warden in wardens { Glibc.kill(warden, SIGKILL) }
        }

        private func isWarden(_ process: Int32) -> Bool {
            ProcFile.text("/proc/\(process)/cmdline")?.contains(ScratchWarden.subcommand) == true
        }
    }

    private static func arguments(_ root: TemporaryRoot, _ backup: String) -> [String] {
        ["verify", "--json", "--jobs", "2", "--scratch-directory", root.path, backup]
    }

    private func verify(_ root: TemporaryRoot, _ backup: String, _ what: String) throws {
        let result = try Tool.attempt(TestScratch.executable(), Self.arguments(root, backup))
        #expect(result.status == 0, "\(what): \(result.outputText) \(result.errorText)")
        #expect(result.outputText.contains(#""verdict":"verified""#), "\(what)")
        #expect(root.scratch.isEmpty, "\(what)")
    }

    @Test(.timeLimit(.minutes(10))) func nothingIsLeftOfAKilledLoad() throws {
        let root = try TemporaryRoot()
        let source = try ShopDatabase(orders: 5_000).database(on: try TestServer.shared())
        let directory = try TemporaryDirectory()
        let backup = try source.dump(to: directory.file("shop.sql"))
        let whole = try #require(Int64(try source.query("SELECT pg_database_size('\(source.name)')")))
        let empty = try #require(Int64(try source.query("SELECT pg_database_size('template1')")))
        try verify(root, backup, "before")
        var random = SeededGenerator(seed: 7)
        var (killed, left) = (0, 0)
        for round in 0..<12 {
            let share = Int64.random(in: 0..<70, using: &random)
            let run = try Run(root, backup)
            let isInLoad = run.wait(for: empty + (whole - empty) * share / 100)
            run.kill(withWarden: round % 2 == 0)
            let end = run.child.wait()
            let what = "round \(round), killed at \(share) % of the load: \(end)"
            #expect(isInLoad == (end == .signalled(SIGKILL)), "\(what)")
            if isInLoad { killed += 1 }
            #expect(RootProcesses.waitForEnd(below: root.path, seconds: 30), "\(what)")
            left += root.scratch.count
            if round % 4 == 0 {
                // The next run removes what is left.
                try verify(root, backup, what)
            } else {
                let gc = try Tool.attempt(
                    TestScratch.executable(), ["gc", "--json", "--scratch-directory", root.path])
                #expect(gc.status == 0, "\(what): \(gc.outputText)")
                #expect(gc.outputText.contains(#""in_use":[],"kept":[],"failures":[]"#), "\(what): \(gc.outputText)")
            }
            #expect(root.scratch.isEmpty, "\(what)")
            #expect(RootProcesses.find(below: root.path).isEmpty, "\(what)")
        }
        // Else this proves nothing: they were killed in their loads, and some had something to leave.
        #expect(killed == 12)
        #expect(left > 0)
        try verify(root, backup, "after")
    }
}
