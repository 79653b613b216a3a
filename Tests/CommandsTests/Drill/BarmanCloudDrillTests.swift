import Glibc
import TestSupport
import Testing

/// Backups that barman-cloud keeps in an object store, restored by its own programs.
@Suite struct BarmanCloudDrillTests {
    @Test func itsOwnProgramsRestoreAndDamageIsTold() throws {
        let production = try BarmanCloudServer()
        let directory = try TemporaryDirectory()
        let scratch = directory.file("scratch")
        func run(_ arguments: [String]) throws -> ToolResult {
            try Restorable.run(
                arguments + ["--scratch-directory", scratch],
                environment: production.environment.merging(["PATH": "/usr/bin:/bin"]) { $1 })
        }
        let shop = try production.server.createDatabase(named: "shop")
        try shop.run("CREATE TABLE orders AS SELECT g AS id FROM generate_series(1, 3000) g")
        try production.beginArchiving()
        let backup = try production.backUp()

        // Nothing of it is held against a checksum.
        let whole = try run(["verify", "--json", production.address])
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        for member in [
            #""name":"\#(backup)","format":"barman-cloud""#, #""verdict":"verified""#, #""content":"unproved""#,
            #""name":"shop/public.orders","dump_rows":null,"restored_rows":3000"#,
        ] {
            #expect(whole.outputText.contains(member), "\(member) is not in \(whole.outputText)")
        }

        try shop.run("CREATE TABLE later AS SELECT g AS id FROM generate_series(1, 5000) g")
        let first = try production.server.archiveAll()
        try shop.run("INSERT INTO later VALUES (5001)")
        try production.server.archiveAll()
        let arguments = ["drill", "--json", "--base", production.address, "--wal", production.address]
        let latest = try run(arguments + ["--query", "SELECT count(*) = 5001 FROM later"])
        #expect(latest.status == 0, "\(latest.outputText)\(latest.errorText)")
        #expect(latest.outputText.contains("recovered to the end of the archive"))

        unlink("\(production.place)/wals/\(first.prefix(16))/\(first)")
        try production.age()
        let gap = try run(arguments)
        #expect(gap.status == 1, "\(gap.outputText)\(gap.errorText)")
        #expect(gap.outputText.contains(#""reason":"wal-gap""#) && gap.outputText.contains(first))
        #expect(try Restorable.run(["wal", production.address], environment: production.environment).status == 1)

        try damageOnTheLine(production, scratch)
        let file = "\(production.place)/base/\(backup)/data.tar"
        // As of a backup in three parts, whose second is gone.
        let third = "\(production.place)/base/\(backup)/data_0002.tar"
        try Tool.shell("printf x > \"$1\"", [third])
        let hole = try run(["verify", "--json", "--until", "integrity", production.address])
        #expect(hole.status == 1, "\(hole.outputText)\(hole.errorText)")
        #expect(hole.outputText.contains(#""reason":"missing-file""#) && hole.outputText.contains("data_0001.tar of"))
        unlink(third)
        truncate(file, 10_000_000)
        try production.age()
        let cut = try run(["verify", "--json", "--until", "integrity", production.address])
        #expect(cut.status == 1, "\(cut.outputText)\(cut.errorText)")
        #expect(cut.outputText.contains(#""reason":"truncated""#))
        unlink(file)
        try production.age()
        let gone = try run(["verify", "--json", "--until", "integrity", "\(production.address)/\(backup)"])
        #expect(gone.status == 1, "\(gone.outputText)\(gone.errorText)")
        #expect(gone.outputText.contains(#""reason":"missing-file""#))

        // A wrong name is no lost backup.
        let stranger = try run(["verify", "--json", production.address + "x"])
        #expect(stranger.status == 2, "\(stranger.outputText)\(stranger.errorText)")
        #expect(stranger.outputText.contains(#""reason":"unreadable""#))
    }
    /// What a line damaged comes whole when it is restored once more.
    private func damageOnTheLine(_ production: BarmanCloudServer, _ scratch: String) throws {
        let proxy = try FaultProxy(before: S3Server.shared().port)
        let isData: @Sendable (FaultProxy.Request) -> Bool = {
            $0.method == "GET" && $0.target.contains("/data.tar") && !$0.target.contains("prefix=")
        }
        // The first header of the tar.
        proxy.plan([.flip(at: 20)], where: isData)
        let environment = production.environment.merging(
            ["PATH": "/usr/bin:/bin", "AWS_ENDPOINT_URL": proxy.endpoint]) { $1 }
        let result = try Restorable.run(
            ["verify", "--json", "--until", "integrity", "--scratch-directory", scratch, production.address],
            environment: environment)
        #expect(result.status == 0, "\(result.outputText)\(result.errorText)")
        #expect(proxy.requests.filter(isData).count > 1)
    }
}
