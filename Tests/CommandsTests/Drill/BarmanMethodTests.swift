import TestSupport
import Testing

/// The other ways in which Barman takes backups: by rsync, and compressed; with a tablespace, and a compressed archive.
@Suite struct BarmanMethodTests {
    @Test func eachIsRestored() throws {
        let production = try BarmanServer()
        let directory = try TemporaryDirectory()
        let place = "\(production.server.socketDirectory)/extra"
        try Tool.shell("mkdir \"$1\" && chown --reference=\"$2\" \"$1\"", [place, production.server.socketDirectory])
        try production.server.maintenance.run("CREATE TABLESPACE extra LOCATION '\(place)'")
        try production.server.maintenance.run(
            "CREATE TABLE far TABLESPACE extra AS SELECT generate_series(1, 777) AS id")
        for (lines, content) in [
            (["backup_method = local-rsync"], "unproved"),
            (["backup_method = postgres", "backup_compression = gzip"], "proved"),
        ] {
            try production.use(lines + ["compression = gzip"])
            let backup = try production.backUp()
            let verified = try Restorable.run([
                "verify", "--json", "--scratch-directory", directory.file("scratch"), "\(production.address)/\(backup)",
            ])
            #expect(verified.status == 0, "\(verified.outputText)\(verified.errorText)")
            for member in [
                #""content":"\#(content)""#, #""name":"postgres/public.far","dump_rows":null,"restored_rows":777"#,
            ] {
                #expect(verified.outputText.contains(member), "\(member) is not in \(verified.outputText)")
            }
        }
    }
}
