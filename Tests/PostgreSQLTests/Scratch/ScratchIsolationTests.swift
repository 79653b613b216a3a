import Backups
import Glibc
import Processes
import Testing

@testable import PostgreSQL

/// What code in a dump can see and do, run by the server itself.
@Suite struct ScratchIsolationTests {
    /// Output of a shell command as the server's user.
    private func run(_ command: String, on server: ScratchServer) throws -> [String] {
        let connection = try server.connect()
        try connection.execute("CREATE TEMPORARY TABLE output (line text)")
        // As text of one column per line, whatever the command writes.
        try connection.execute("COPY output FROM PROGRAM '\(command)' WITH (DELIMITER E'\\x01', NULL '(none)')")
        let result = try connection.query("SELECT line FROM output")
        return result.rows.compactMap { result.text($0, 0) }
    }

    @Test(.enabled(if: geteuid() == 0)) func rootRunsTheServerAsAnotherUserWithoutNewRights() throws {
        let server = try SharedScratch.server.get()
        let user = try #require(server.isolation.user)
        #expect(user.name != "postgres")
        #expect(try run("id -u", on: server) == ["\(user.identifier)"])
        let status = try run("cat /proc/self/status", on: server)
        #expect(status.contains { $0.hasPrefix("NoNewPrivs:") && $0.hasSuffix("1") })
        #expect(status.contains { $0.hasPrefix("CapEff:") && $0.hasSuffix("0000000000000000") })
        // It can't change what the next server starts from.
        #expect(try run("ls \(server.directory.root)/templates 2>&1 || true", on: server).joined().contains("denied"))
        #expect(
            try run("touch \(server.directory.path)/owner.json 2>&1 || true", on: server).joined().contains("denied"))
    }

    @Test func theServerHasNothingOfOurEnvironment() throws {
        setenv("RESTORABLE_TEST_SECRET", "swordfish-in-the-environment", 1)
        let root = try TemporaryRoot()
        let server = try SharedScratch.start(root.configuration)
        let environment = try run("tr \"\\0\" \"\\n\" < /proc/self/environ", on: server)
        #expect(environment.contains { $0.hasPrefix("PATH=") })
        #expect(!environment.contains { $0.contains("swordfish") })
        let visible = try run(
            "cat /proc/[0-9]*/environ 2>/dev/null | tr -d \"\\0\" | grep -c swordfish || true", on: server)
        #expect(visible == ["0"])
        for process in RootProcesses.find(below: root.path) {
            #expect(ProcFile.text("/proc/\(process)/environ")?.contains("swordfish") != true)
        }
        server.stop()
    }

    @Test func theServerSeesNoNetwork() throws {
        let server = try SharedScratch.server.get()
        try #require(server.isolation.hasNamespaces, "this machine allows no namespaces: \(server.isolation)")
        let interfaces = try run("tail -n +3 /proc/net/dev", on: server)
        #expect(interfaces.allSatisfy { $0.contains("lo:") })
        // Nor any process but its own.
        let others = try run("cat /proc/[0-9]*/comm | sort -u", on: server)
        #expect(others.contains("postgres"))
        #expect(!others.contains { $0.contains("swift") || $0.contains("scratch") || $0.contains("restorable") })
    }
}
