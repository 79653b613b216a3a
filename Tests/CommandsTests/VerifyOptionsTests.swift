import Glibc
import TestSupport
import Testing

/// Options of the scratch server, given to the built program.
@Suite(.serialized) struct VerifyOptionsTests {
    /// Of this suite alone: it collects kept servers.
    private static let scratch = "/var/tmp/restorable-test-options"

    private let shop: RestoredShop
    private let path: String

    init() throws {
        shop = try RestoredShop()
        path = try shop.dump()
    }

    private func verify(_ arguments: [String]) throws -> ToolResult {
        try RestoredShop.verify(["--json", path] + arguments, scratch: Self.scratch)
    }

    @Test func aKeptServerCanBeConnectedToUntilItIsCollected() throws {
        let result = try verify(["--keep-scratch"])
        #expect(result.status == 0)
        let found = try #require(result.outputText.firstMatch(of: #/Connect: (\S+)/psql -h (\S+) -U (\S+) DATABASE/#))
        let psql = [
            "-X", "-h", String(found.2), "-U", String(found.3), "-d", "restored", "-Atc", "SELECT count(*) FROM orders",
        ]
        #expect(try Tool.run("\(found.1)/psql", psql).outputText == "500\n")
        let gc = ["gc", "--json", "--scratch-directory", Self.scratch]
        #expect(try Restorable.run(gc).outputText.contains(#""kept":["\#(Self.scratch)/scratch-"#))
        #expect(try Tool.run("\(found.1)/psql", psql).outputText == "500\n")
        #expect(try Restorable.run(gc + ["--kept"]).outputText.contains(#""removed":["\#(Self.scratch)/scratch-"#))
        #expect(access(String(found.2), F_OK) != 0)
        #expect(try Tool.attempt("\(found.1)/psql", psql).status == 2)
    }

    @Test func theDiskThatARestoreMayTakeIsLimited() throws {
        #expect(try verify(["--max-disk", "10GiB"]).status == 0)
        let result = try verify(["--max-disk", "1MiB"])
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""reason":"disk-full""#))
        #expect(result.outputText.contains("--max-disk"))
        #expect(try RestoredShop.leftovers(in: Self.scratch).contains(#""removed":[],"in_use":[]"#))
    }

    @Test func theDurableProfileIsSaid() throws {
        let result = try verify(["--profile", "durable"])
        #expect(result.status == 0)
        #expect(result.outputText.contains(#""profile":"durable""#))
    }

    @Test func aLibraryIsPreloaded() throws {
        #expect(try verify(["--preload", "auto_explain"]).status == 0)
        let result = try verify(["--preload", "nosuchlibrary"])
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""reason":"extension-missing""#))
        #expect(result.outputText.contains("nosuchlibrary"))
    }

    @Test func globalsAreRestoredAndProved() throws {
        let globals = shop.directory.file("globals.sql")
        try shop.database.server.dumpAll(["--globals-only"], to: globals)
        #expect(try verify(["--globals", globals]).status == 0)
        let text = try TestFile.text(globals)
        let cut = try shop.directory.write(String(text.prefix(text.count / 2)), to: "cut.sql")
        let result = try verify(["--globals", cut])
        #expect(result.status == 1)
        #expect(result.outputText.contains(#""reason":"truncated""#))
    }

    @Test func aRelativeScratchDirectoryIsOne() throws {
        let result = try Tool.attempt(
            "/bin/sh",
            [
                "-c", "cd /var/tmp && exec \"$0\" verify --scratch-directory restorable-test-options \"$1\"",
                Restorable.path, path,
            ])
        #expect(result.status == 0)
    }

    @Test(arguments: ["/etc/hostname", "/bin"]) func aDirectoryThatIsNotOursAloneIsRefused(scratch: String) throws {
        let result = try RestoredShop.verify(["--json", path], scratch: scratch)
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""reason":"permission-denied""#))
        #expect(result.outputText.contains("choose another place with --scratch-directory"))
    }

    @Test(.enabled(if: geteuid() == 0)) func aMachineWithoutPostgreSQLIsInconclusive() throws {
        let result = try Tool.attempt(
            "/usr/bin/unshare",
            [
                "-m", "/bin/sh", "-c", "mount -t tmpfs none /usr/lib/postgresql && exec \"$0\" verify --json \"$1\"",
                Restorable.path, path,
            ])
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""reason":"server-missing""#))
        #expect(result.outputText.contains("apt-get install postgresql-15"))
    }
}
