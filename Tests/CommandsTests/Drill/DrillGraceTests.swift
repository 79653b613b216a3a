import Glibc
import TestSupport
import Testing

/// How long what is stored in an archive may be on its way: as long for a drill as for `restorable wal`.
@Suite struct DrillGraceTests {
    private func set(_ path: String, minutesAgo: Int) throws {
        try Tool.run("touch", ["-d", "\(minutesAgo) minutes ago", path])
    }

    /// An archiver that hangs in the middle of a file.
    @Test func aSegmentThatIsCutIsDamageAfterTheGrace() throws {
        let production = try ArchivedProduction()
        try production.server.archiveAll()
        try production.shop.run("INSERT INTO orders (id, what) VALUES (4, 'd')")
        let newest = "\(production.server.archive)/\(try production.server.archiveAll())"
        #expect(try production.drill(["--query", "SELECT count(*) = 4 FROM orders"]).status == 0)
        try Tool.run("truncate", ["-s", "500000", newest])
        try set(newest, minutesAgo: 5)
        let writing = try production.drill(["--json"])
        #expect(writing.status == 2, "\(writing.outputText)\(writing.errorText)")
        #expect(writing.outputText.contains(#""reason":"changed-while-reading""#))
        try set(newest, minutesAgo: 15)
        let cut = try production.drill(["--json"])
        #expect(cut.status == 1, "\(cut.outputText)\(cut.errorText)")
        #expect(cut.outputText.contains(#""reason":"truncated""#))
    }

    /// A slow uploader, for which `wal_archive.grace` was made longer.
    @Test func theGraceOfTheConfigurationHolds() throws {
        let production = try ArchivedProduction()
        let bases = production.directory.file("bases")
        mkdir(bases, 0o755)
        let moment = try production.shop.query(
            "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYYMMDD-HH24MISS')")
        try Tool.run("cp", ["-a", production.base, "\(bases)/base-\(moment)"])
        try Tool.shell("find \"$1\" -exec touch -d '1 hour ago' {} +", [bases])
        try production.server.archiveAll()
        try production.shop.run("INSERT INTO orders (id, what) VALUES (4, 'd')")
        let missing = try production.server.archiveAll()
        try production.shop.run("INSERT INTO orders (id, what) VALUES (5, 'e')")
        let behind = try production.server.archiveAll()
        func drill(grace: String) throws -> ToolResult {
            let file = try production.directory.write(
                """
                scratch: { directory: \(production.scratch) }
                databases:
                  - name: shop
                    backups: { location: \(bases), match: "base-{time:yyyyMMdd-HHmmss}", time: { means: end } }
                    wal_archive: { location: \(production.server.archive), grace: \(grace) }
                    drill: { to: latest }

                """, to: "drill.yml")
            return try Restorable.run(["drill", "--config", file, "--json"])
        }
        let whole = try drill(grace: "1h")
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        unlink("\(production.server.archive)/\(missing)")
        try set("\(production.server.archive)/\(behind)", minutesAgo: 15)
        let late = try drill(grace: "1h")
        #expect(late.status == 2, "\(late.outputText)\(late.errorText)")
        #expect(late.outputText.contains(#""reason":"wal-behind""#) && late.outputText.contains("less than 1 h"))
        let gap = try drill(grace: "10m")
        #expect(gap.status == 1, "\(gap.outputText)\(gap.errorText)")
        #expect(gap.outputText.contains(#""reason":"wal-gap""#))
    }
}
