import Glibc
import TestSupport
import Testing

/// Base backups with the built program: in a directory, in a bucket, and in a configuration.
@Suite(.serialized) struct VerifyBaseBackupTests {
    private let directory: TemporaryDirectory
    /// Of its own: a base backup of the one that tests share would hold gigabytes of theirs.
    private let server: TestServer

    init() throws {
        directory = try TemporaryDirectory()
        server = try TestServer(cluster: ["--wal-segsize=1"])
    }

    private func make(_ name: String, _ arguments: [String]) throws -> String {
        let path = directory.file(name)
        try Tool.run(
            server.installation.tool("pg_basebackup"),
            ["-D", path, "-d", server.conninfo(), "--no-sync", "--checkpoint=fast"] + arguments)
        return path
    }

    private func verify(_ arguments: [String], environment: [String: String] = [:]) throws -> ToolResult {
        try RestoredShop.verify(["--json"] + arguments, environment: environment)
    }

    @Test(arguments: [["-Fp"], ["-Ft"], ["-Ft", "-z"]])
    func itsFilesAreHeldAgainstItsManifest(arguments: [String]) throws {
        let path = try make("base", arguments)
        let whole = try verify(["--until", "integrity", path + "/"])
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        #expect(whole.outputText.contains(#""name":"base","format":"basebackup""#))
        #expect(whole.outputText.contains(#""verdict":"verified","reason":"stopped-early""#))
        #expect(whole.outputText.contains(#""proved_through":"integrity""#))
        #expect(whole.outputText.contains(#""content":"proved""#))
        #expect(whole.outputText.contains(#""data_as_of_source":"dump""#))
        let victim = arguments.contains("-Fp") ? "\(path)/global/pg_filenode.map" : "\(path)/backup_manifest"
        try Damage.flipBit(2000).copy(victim, to: victim)
        let damaged = try verify(["--until", "integrity", path])
        #expect(damaged.status == 1)
        #expect(damaged.outputText.contains(#""verdict":"failed","reason":"checksum-mismatch""#))
        unlink("\(path)/backup_manifest")
        let unproved = try verify(["--until", "integrity", path])
        #expect(unproved.status == 2)
        #expect(unproved.outputText.contains(#""verdict":"inconclusive","reason":"no-manifest""#))
    }

    /// A server that was itself made by pg_basebackup keeps that one's manifest, and who copies its files copies it, too.
    @Test func theManifestOfAnotherBackupIsHeldAgainstNothing() throws {
        let integrity = ["--until", "integrity"]
        let first = try make("first", [])
        try server.createDatabase(named: "shop").run(
            "CREATE TABLE orders AS SELECT g AS id FROM generate_series(1, 1000) g")
        let second = try make("second", [])
        #expect(try verify(integrity + [second]).status == 0)
        try Tool.run("cp", ["\(first)/backup_manifest", "\(second)/backup_manifest"])
        let copied = try verify([second])
        #expect(copied.status == 2, "\(copied.outputText)\(copied.errorText)")
        #expect(copied.outputText.contains(#""verdict":"inconclusive","reason":"no-manifest""#))
        #expect(
            copied.outputText.contains("is of another backup") && !copied.outputText.contains(#""verdict":"failed""#))
        // All of it was looked at, and restored.
        #expect(copied.outputText.contains(#""name":"shop/public.orders","dump_rows":null,"restored_rows":1000"#))
        // A snapshot has no label.
        unlink("\(second)/backup_label")
        let snapshot = try verify(integrity + [second])
        #expect(snapshot.status == 2, "\(snapshot.outputText)\(snapshot.errorText)")
        #expect(snapshot.outputText.contains("is of another backup"))

        // Where the label alone is altered, the manifest is its own.
        let label = try TestFile.text("\(first)/backup_label")
        let place = try #require(label.firstMatch(of: /START WAL LOCATION: [0-9A-F]+\//)).range.upperBound
        let offset = UInt64(label.utf8.distance(from: label.startIndex, to: place))
        try Damage.flipBit(offset * 8).copy("\(first)/backup_label", to: "\(first)/backup_label")
        let damaged = try verify(integrity + [first])
        #expect(damaged.status == 1, "\(damaged.outputText)\(damaged.errorText)")
        #expect(damaged.outputText.contains(#""reason":"checksum-mismatch""#))
        try TestFile.write(Array(label.utf8), to: "\(first)/backup_label")
        #expect(try verify(integrity + [first]).status == 0)
        unlink("\(first)/backup_label")
        try Tool.shell("find \"$1\" -exec touch -d '2 days ago' {} +", [first])
        let lost = try verify(integrity + [first])
        #expect(lost.status == 1, "\(lost.outputText)\(lost.errorText)")
        #expect(lost.outputText.contains(#""reason":"missing-file""#))
    }

    @Test func aTarOfOneNamesItsDirectory() throws {
        let path = try make("base", ["-Ft"])
        let result = try Restorable.run(["verify", "\(path)/base.tar"])
        #expect(result.status == 2)
        #expect(result.outputText.contains("this is a tar file of a base backup"))
        let manifest = try Restorable.run(["manifest", "write", path])
        #expect(manifest.status == 2 && (manifest.outputText + manifest.errorText).contains("a manifest of its own"))
    }

    @Test(arguments: [["-Fp"], ["-Ft", "-z"]])
    func itIsReadWhereItLies(arguments: [String]) throws {
        let (server, bucket) = (try S3Server.shared(), try S3Server.shared().makeBucket())
        try Tool.run("mkdir", ["-p", bucket.path("base")])
        try Tool.run("cp", ["-r", try make("base", arguments), bucket.path("base/2026-11-20")])
        usleep(S3Server.memory)
        let address = "\(bucket.address)/base/2026-11-20"
        for name in [address, address + "/"] {
            let result = try verify(["--until", "integrity", name], environment: server.environment())
            #expect(result.status == 0, "\(result.outputText)\(result.errorText)")
            #expect(result.outputText.contains(#""format":"basebackup""#))
        }
        let victim = bucket.path("base/2026-11-20/\(arguments.contains("-Fp") ? "global/1262" : "base.tar.gz")")
        try Damage.flipBit(UInt64(TestFile.size(victim)) * 4).copy(victim, to: victim)
        usleep(S3Server.memory)
        let damaged = try verify(["--until", "integrity", address], environment: server.environment())
        #expect(damaged.status == 1, "\(damaged.outputText)")
        unlink(victim)
        usleep(S3Server.memory)
        let missing = try verify(["--until", "integrity", address], environment: server.environment())
        #expect(
            missing.status == 1 && missing.outputText.contains(#""reason":"missing-file""#), "\(missing.outputText)")
        let nothing = try verify(["\(bucket.address)/base/2026-11-21/"], environment: server.environment())
        #expect(nothing.status == 2 && nothing.outputText.contains("is not there"))
    }

    /// A key may have any name: one that would lead out of the copy is told, and not fetched.
    @Test func aKeyThatLeadsOutOfTheBackupIsNotFetched() throws {
        let (server, bucket) = (try S3Server.shared(), try S3Server.shared().makeBucket())
        try Tool.run("cp", ["-r", try make("base", []), bucket.path("base")])
        usleep(S3Server.memory)
        let proxy = try FaultProxy(before: server.port)
        let environment = server.environment(endpoint: proxy.endpoint)
        #expect(try verify(["--until", "integrity", "\(bucket.address)/base"], environment: environment).status == 0)
        // rclone has files, which can't be called so: it is in the listing alone.
        for key in ["base/..-evil", "base/global/..-evil"] { try bucket.put([1], key) }
        proxy.answer { $0.target.contains("list-type=2") ? .rewrite("..-evil", as: "../evil") : nil }
        let result = try verify(["\(bucket.address)/base"], environment: environment)
        #expect(result.status == 1, "\(result.outputText)\(result.errorText)")
        for text in [
            #""reason":"extra-file""#, "\"../evil is no name of a file", "global/../evil is no name of a file",
        ] {
            #expect(result.outputText.contains(text), "\(result.outputText)")
        }
        #expect(!proxy.requests.contains { $0.target.prefix { $0 != "?" }.contains("evil") })
    }

    @Test func aRemoteOfRcloneHoldsTars() throws {
        let path = try make("base", ["-Ft", "-z"])
        let program = try S3Server.program().split(separator: "/").dropLast().joined(separator: "/")
        let environment = [
            "PATH": "/usr/bin:/bin:/\(program)", "RCLONE_CONFIG": "/dev/null", "RCLONE_CONFIG_STORE_TYPE": "local",
        ]
        for address in ["rclone:store:\(path)", "rclone:store:\(path)/"] {
            let result = try verify(["--until", "integrity", address], environment: environment)
            #expect(result.status == 0, "\(result.outputText)\(result.errorText)")
            #expect(result.outputText.contains(#""format":"basebackup","compression":"gzip""#))
        }
        try Damage.cutEnd(100).copy("\(path)/base.tar.gz", to: "\(path)/base.tar.gz")
        #expect(try verify(["--until", "integrity", "rclone:store:\(path)"], environment: environment).status == 1)
    }

    @Test func aConfigurationFindsThem() throws {
        let (server, bucket) = (try S3Server.shared(), try S3Server.shared().makeBucket())
        try Tool.run("mkdir", [directory.file("all")])
        let plain = try make("plain", ["-Fp"])
        try Tool.run("cp", ["-r", plain, directory.file("all/20261119-020000")])
        try Tool.run("mv", [try make("tars", ["-Ft", "-z"]), directory.file("all/20261120-020000")])
        try Tool.run("cp", ["-r", directory.file("all"), bucket.path("all")])
        usleep(S3Server.memory)
        let config = try directory.write(
            """
            databases:
              - name: here
                backups: { location: "\(directory.file("all"))", match: "{time:yyyyMMdd-HHmmss}" }
              - name: there
                backups: { location: "\(bucket.address)/all", match: "{time:yyyyMMdd-HHmmss}" }
            """, to: "restorable.yml")
        let result = try verify(
            ["--until", "integrity", "--all", "--config", config], environment: server.environment())
        #expect(result.status == 0, "\(result.outputText)\(result.errorText)")
        let lines = result.outputText.split(separator: "\n")
        #expect(lines.count == 4 && lines.allSatisfy { $0.contains(#""format":"basebackup""#) })
        // What was written a moment ago may not be finished, and is not looked into.
        try Tool.shell(
            "find \"$1\" \"$2\" -exec touch -d '10 minutes ago' {} +", [directory.file("all"), bucket.path("all")])
        usleep(S3Server.memory)
        let listed = try Restorable.run(["backups", "--config", config], environment: server.environment())
        #expect(
            listed.outputText.split(separator: "\n").filter { $0.contains("basebackup") }.count == 4,
            "\(listed.outputText)")
    }

    /// That its files match is not that it restores.
    @Test(arguments: [["-Fp"], ["-Ft", "-z"]])
    func aServerIsStartedOnIt(backup: [String]) throws {
        let production = try ArchivedProduction(backup: backup)
        let whole = try production.verify(["--query", "three=SELECT count(*) = 3 FROM orders"])
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        #expect(whole.outputText.contains("a server started on it, with its own write-ahead log"))
        #expect(whole.outputText.contains(#""name":"rows","verdict":"verified""#))
        #expect(whole.outputText.contains(#""name":"amcheck","verdict":"verified""#))
        let wrong = try production.verify(["--query", "four=SELECT count(*) = 4 FROM orders"])
        #expect(wrong.status == 1 && wrong.outputText.contains(#""reason":"query-false""#), "\(wrong.outputText)")
        #expect(try production.leftovers() == [])
    }

    /// What the manifest can't show, for it has no checksums, the server shows.
    @Test func aBrokenPageIsSeenByTheServer() throws {
        let production = try ArchivedProduction(cluster: ["--data-checksums"], backup: ["--manifest-checksums=NONE"])
        let whole = try production.verify()
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        #expect(whole.outputText.contains(#""name":"pages","verdict":"verified""#), "\(whole.outputText)")
        let victim = "\(production.base)/\(try production.shop.query("SELECT pg_relation_filepath('orders')"))"
        try Damage.flipBit(8_192 * 8 - 80).copy(victim, to: victim)
        let broken = try production.verify()
        #expect(broken.status == 1, "\(broken.outputText)\(broken.errorText)")
        #expect(try production.leftovers() == [])
    }

    /// It restores together with an archive only, which verify does not have: nobody's fault.
    @Test func withoutItsLogNoServerIsStarted() throws {
        let production = try ArchivedProduction(backup: ["--wal-method=none"])
        let result = try production.verify()
        #expect(result.status == 2, "\(result.outputText)")
        #expect(result.outputText.contains(#""reason":"no-wal""#))
        #expect(!result.outputText.contains(#""name":"target""#))
    }

    /// It holds what changed since another one (PostgreSQL 17 and later): nobody's fault, for both commands.
    @Test func anIncrementalOneRestoresTogetherOnly() throws {
        let production = try ArchivedProduction(major: 18, settings: ["summarize_wal": "on"])
        #expect(try production.verify().status == 0)
        try production.shop.run("INSERT INTO orders (id, what) VALUES (4, 'd')")
        let part = production.directory.file("part")
        try production.server.baseBackup(["--incremental=\(production.base)/backup_manifest"], to: part)
        try production.server.archiveAll()
        for result in [try production.verify(base: part), try production.drill(["--json"], base: part)] {
            #expect(result.status == 2, "\(result.outputText)\(result.errorText)")
            #expect(result.outputText.contains(#""verdict":"inconclusive","reason":"unsupported-format""#))
            #expect(result.outputText.contains("pg_combinebackup"))
        }
        #expect(try production.leftovers() == [])
    }
}
