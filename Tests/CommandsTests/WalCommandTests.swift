import Glibc
import TestSupport
import Testing

/// `restorable wal` as it is typed, over an archive that a real server wrote.
@Suite struct WalCommandTests {
    @Test func tellsHowTheArchiveStandsAndEndsWithItsStatus() throws {
        let server = try ArchivingServer(layout: .compressed(.gzip))
        let directory = try TemporaryDirectory()
        let scratch = directory.file("scratch")
        func wal(_ arguments: [String]) throws -> ToolResult {
            try Restorable.run(["wal", server.archive, "--scratch-directory", scratch] + arguments)
        }
        try server.write(transactions: 20)
        let none = try wal([])
        #expect(none.status == 2)
        #expect(none.outputText.contains("(no-base-backup)"))

        try server.baseBackup([], to: directory.file("base"))
        try server.write(transactions: 300)
        let whole = try wal(["--base", directory.file("base"), "--grace", "0s"])
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        #expect(whole.outputText.contains("  recovery window  from "))
        #expect(whole.outputText.contains("VERIFIED  \(server.archive): "))
        #expect(try TestFile.names(in: scratch).filter { $0.hasPrefix("scratch-") } == [])

        let names = try TestFile.names(in: server.archive).filter { $0.utf8.count == 27 }
        let gone = names[names.count - 3].dropLast(3)
        unlink("\(server.archive)/\(gone).gz")
        let gap = try wal(["--grace", "0s", "--json", "--no-times"])
        #expect(gap.status == 1)
        #expect(gap.outputText.contains(#""reason":"wal-gap""#))
        #expect(gap.outputText.contains(#""missing":[{"first":"\#(gone)","last":"\#(gone)","segments":1}]"#))
        // It may still come: the segments behind it are of this minute.
        #expect(try wal([]).status == 0)

        let nowhere = try Restorable.run(["wal", "/nonexistent/wal"])
        #expect(nowhere.status == 2)
        #expect(nowhere.errorText.contains("/nonexistent/wal can't be listed"))
    }

    /// The server archives straight into what a store serves.
    @Test func anArchiveIsReadWhereItLies() throws {
        let store = try S3Server.shared()
        let bucket = try store.makeBucket()
        let server = try ArchivingServer(layout: .prefixed, into: bucket.path("wal"))
        let directory = try TemporaryDirectory()
        try server.write(transactions: 20)
        try server.baseBackup([], to: directory.file("base"))
        try server.write(transactions: 100)
        try Tool.run("cp", ["-a", directory.file("base"), bucket.path("base")])
        let rclone = try S3Server.program().split(separator: "/").dropLast().joined(separator: "/")
        let environment = store.environment().merging([
            "PATH": "/usr/bin:/bin:/\(rclone)", "RCLONE_CONFIG": "/dev/null", "RCLONE_CONFIG_STORE_TYPE": "local",
        ]) { $1 }
        func wal(_ archive: String, _ base: String) throws -> ToolResult {
            let arguments = ["--grace", "0s", "--json", "--scratch-directory", directory.file("scratch")]
            return try Restorable.run(["wal", archive, "--base", base] + arguments, environment: environment)
        }
        let places = [
            (server.archive, directory.file("base")), ("\(bucket.address)/wal", "\(bucket.address)/base"),
            ("rclone:store:\(server.archive)", "rclone:store:\(directory.file("base"))"),
        ]
        for (archive, base) in places {
            let whole = try wal(archive, base)
            #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
            #expect(whole.outputText.contains(#""location":"\#(archive)""#))
            #expect(whole.outputText.contains(#""unknown":null"#), "\(whole.outputText)")
        }
        let stored = "\(server.archive)/wals/0000000100000000"
        let names = try TestFile.names(in: stored).filter { $0.utf8.count == 27 }
        let gone = names[names.count - 3]
        unlink("\(stored)/\(gone)")
        usleep(S3Server.memory)
        for (archive, base) in places {
            let gap = try wal(archive, base)
            #expect(gap.status == 1)
            #expect(gap.outputText.contains(#""missing":[{"first":"\#(gone.dropLast(3))""#), "\(gap.outputText)")
        }
        let none = try wal("s3://\(bucket.name)-not/wal", directory.file("base"))
        #expect(none.status == 2)
        #expect(none.errorText.contains("there is no bucket"), "\(none.errorText)")
    }

    /// What is left of a run that was killed while it looked for times is known to `restorable gc`.
    @Test func whatAKilledRunLeavesIsCollected() throws {
        let server = try ArchivingServer()
        let directory = try TemporaryDirectory()
        try server.write(transactions: 20)
        try server.baseBackup([], to: directory.file("base"))
        try server.write(transactions: 20)
        let scratch = directory.file("scratch")
        // Programs of PostgreSQL 15 as they are, but a pg_waldump that never ends.
        let bin = directory.file("bin")
        mkdir(bin, 0o755)
        for program in ["postgres", "initdb"] {
            _ = try directory.write(
                "#!/bin/sh\nexec \(server.server.installation.tool(program)) \"$@\"\n", to: "bin/\(program)")
        }
        _ = try directory.write("#!/bin/sh\nexec tail -f /dev/null\n", to: "bin/pg_waldump")
        try Tool.shell("chmod 755 \"$1\"/*", [bin])
        try Tool.shell(
            """
            "$1" wal "$2" --base "$3" --scratch-directory "$4" --postgresql-bin "$5" >/dev/null 2>&1 & run=$!
            for try in $(seq 3000); do
                ls "$4"/scratch-*/wal/0* >/dev/null 2>&1 && break
                sleep 0.02
            done
            kill -KILL $run
            wait $run 2>/dev/null
            ls "$4"/scratch-*/wal/0*
            """, [Restorable.path, server.archive, directory.file("base"), scratch, bin])
        let collected = try Restorable.run(["gc", "--scratch-directory", scratch])
        #expect(collected.status == 0, "\(collected.errorText)")
        #expect(collected.outputText.contains("removed  \(scratch)/scratch-"))
        #expect(try TestFile.names(in: scratch).filter { $0.hasPrefix("scratch-") } == [])
    }
}
