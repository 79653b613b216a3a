import Glibc
import TestSupport
import Testing

/// Tablespaces that were made after the base backup: their paths are in the log alone.
@Suite struct DrillTablespaceTests {
    /// Directories of production, and of nobody else.
    private static func makePlaces(_ names: [String], in production: ArchivedProduction) throws -> [String] {
        try names.map { name in
            let path = production.directory.file(name)
            try Tool.run("install", ["-d", "-m", "700", path])
            try Tool.shell("chown \"$(stat -c %u \"$1\")\" \"$2\"", [production.server.server.socketDirectory, path])
            return path
        }
    }

    private static func content(of places: [String]) throws -> String {
        try Tool.run("find", places + ["-printf", "%p %s %T@ %U %m\n"]).outputText
    }

    @Test(arguments: [15, 18]) func aTablespaceThatTheLogMakesIsThereInTheCopy(major: Int) throws {
        let production = try ArchivedProduction(major: major, cluster: ["--data-checksums"])
        let places = try Self.makePlaces(["fast", "slow"], in: production)
        try production.shop.run("CREATE TABLESPACE fast LOCATION '\(places[0])'")
        try production.shop.run(
            "CREATE TABLE quick TABLESPACE fast AS SELECT g AS id FROM generate_series(1, 5000) g; "
                + "CREATE INDEX by_id ON quick (id) TABLESPACE fast")
        try production.server.archiveAll()
        try production.shop.run("CREATE TABLESPACE slow LOCATION '\(places[1])'")
        try production.shop.run("CREATE DATABASE elsewhere TABLESPACE slow")
        try production.server.archiveAll()
        let before = try Self.content(of: places)

        let drill = try production.drill([
            "--dbname", "shop", "--query", "SELECT count(*) = 5000 FROM quick", "--keep-scratch",
        ])
        #expect(drill.status == 0, "\(drill.outputText)\(drill.errorText)")
        #expect(drill.outputText.contains("3 databases answered: elsewhere, postgres, shop"))
        for place in places { #expect(drill.outputText.contains("the log makes a tablespace at \(place)")) }
        // Its files are scratch's: they count against its limits, and go with it.
        let left = try #require(try production.leftovers().first)
        let files = try Tool.run("find", ["\(production.scratch)/\(left)/tablespaces", "-type", "f"]).outputText
        #expect(files.split(separator: "\n").count > 100)
        #expect(try Restorable.run(["gc", "--kept", "--scratch-directory", production.scratch]).status == 0)
        #expect(try production.leftovers() == [])

        // Its pages are looked at as all others are, with the server shut down.
        let whole = try production.drill(["--dbname", "shop"])
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        #expect(whole.outputText.contains("pages have the checksum that they carry"))
        #expect(try production.leftovers() == [])
        // Production's own were not touched.
        #expect(try Self.content(of: places) == before)

        // Whoever is sent into the copy of another tablespace could cover programs with what lies there.
        let inner = try Self.makePlaces(["fast/inner"], in: production)[0]
        try production.shop.run("CREATE TABLESPACE within LOCATION '\(inner)'")
        try production.server.archiveAll()
        let refused = try production.drill(["--json"])
        #expect(refused.status == 2, "\(refused.outputText)\(refused.errorText)")
        #expect(refused.outputText.contains("the log makes a tablespace at"))
        #expect(refused.outputText.contains("Take a newer base backup"))
        #expect(try production.leftovers() == [])
    }
}
