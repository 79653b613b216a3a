import TestSupport
import Testing

/// A job that puts the next backup into the place of the one that is being verified.
@Suite struct ReplacedBackupTests {
    /// Its own reader holds the file open; pg_restore opens it by its name, later.
    @Test(arguments: ["custom", "directory"]) func whatIsReplacedBeforeTheRestoreIsNotJudged(format: String) throws {
        let shop = try RestoredShop()
        func dump(_ name: String) throws -> String {
            let path = shop.directory.file(name)
            try Tool.run(
                shop.database.server.installation.tool("pg_dump"),
                ["--format", format, "--file", path, "-d", shop.database.conninfo])
            return path
        }
        let (current, scratch) = (try dump("latest.dump"), shop.directory.file("scratch"))
        let arguments = ["verify", "--json", "--scratch-directory", scratch, current]
        let whole = try Restorable.run(arguments)
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        try shop.database.run("INSERT INTO users SELECT n, 'user ' || n FROM generate_series(51, 60) n")
        let next = try dump("next.dump")
        // Scratch is claimed when the bytes were proved.
        let script = """
            "$0" verify --json --scratch-directory "$1" "$2" & process=$!
            until ls "$1"/scratch-* >/dev/null 2>&1; do kill -0 $process || exit 99; done
            mv "$2" "$2.old" && mv "$3" "$2"
            wait $process
            """
        let result = try Tool.attempt(
            "/usr/bin/timeout", ["120", "/bin/sh", "-c", script, Restorable.path, scratch, current, next])
        #expect(result.status == 2, "\(result.outputText)\(result.errorText)")
        #expect(
            result.outputText.contains(#""verdict":"inconclusive","reason":"changed-while-reading""#),
            "\(result.outputText)")
        let after = try Restorable.run(arguments)
        #expect(after.status == 0, "\(after.outputText)\(after.errorText)")
    }
}
