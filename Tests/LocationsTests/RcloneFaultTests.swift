import Backups
import Glibc
import TestSupport
import Testing

@testable import Locations

/// What rclone says at its end, and what it does not know.
@Suite struct RcloneFaultTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try Tool.run("mkdir", [directory.file("data"), directory.file("bin")])
    }

    /// - Parameter script: what runs instead of rclone, which is `"$rclone"` there.
    private func location(_ script: String) throws -> any Location {
        let program = try S3Server.program()
        let path = try directory.write("#!/bin/sh\nrclone=\(program)\n\(script)\n", to: "bin/rclone")
        chmod(path, 0o755)
        let locations = KnownLocations(environment: [
            "PATH": "\(directory.file("bin")):/usr/bin:/bin", "HOME": directory.path, "RCLONE_CONFIG": "/dev/null",
            "RCLONE_CONFIG_STORE_TYPE": "local",
        ])
        return try locations.location("rclone:store:\(directory.file("data"))")
    }

    /// The address of a request that failed may hold a signature, or a password.
    @Test func whatSignsARequestIsNotRepeated() throws {
        try TestFile.write(randomBytes(10), to: directory.file("data/a"))
        let words =
            #"ERROR : a: Get \"https://me:hunter2@store.example/box/a?sv=2024&sig=hunter2\": dial tcp: no route"#
        let ill = try location("echo \"2026/11/21 18:02:19 \(words)\" >&2; exit 1")
        #expect {
            try ill.list(after: nil, cancellation: Cancellation()) { _ in }
        } throws: { error in
            let said = (error as? Obstacle)?.message ?? ""
            return said.contains("https://…@store.example/box/a?…") && said.contains("no route")
                && !said.contains("hunter2")
        }
    }

    /// All bytes came, and rclone says that something was wrong with them.
    @Test(arguments: [0, 100, 3_000_000]) func itsLastWordIsHeard(size: Int) throws {
        let bytes = randomBytes(size)
        try TestFile.write(bytes, to: directory.file("data/a"))
        let well = try location(#"exec "$rclone" "$@""#)
        #expect(try well.open("a", cancellation: Cancellation()).bytes() == bytes)
        let ill = try location(
            #"""
            "$rclone" "$@" || exit
            [ "$1" != cat ] || { echo "2026/11/21 18:02:19 ERROR : a: corrupted on transfer" >&2; exit 1; }
            """#)
        let stored = try ill.open("a", cancellation: Cancellation())
        // Nothing is fetched of what is empty.
        guard size > 0 else {
            #expect(try stored.bytes() == [])
            return
        }
        for offset in [0, UInt64(size / 2)] {
            let error = #expect(throws: Obstacle.self) { try stored.bytes(from: offset) }
            #expect(error?.reason == .connectionFailed && error?.message.contains("corrupted on transfer") == true)
        }
    }

    /// Whatever brought less than there is, and however it ended.
    @Test(arguments: ["exit 0", "exit 1", "kill -9 $$"]) func whatEndsInTheMiddleIsNotTheBackup(end: String) throws {
        try TestFile.write(randomBytes(3_000_000), to: directory.file("data/a"))
        let cut = try location(
            """
            [ "$1" = cat ] || exec "$rclone" "$@"
            "$rclone" "$@" 2>/dev/null | head -c 1000000
            \(end)
            """)
        let stored = try cut.open("a", cancellation: Cancellation())
        for offset in [0, 1_500_000] as [UInt64] {
            let error = #expect(throws: Obstacle.self) { try stored.bytes(from: offset) }
            #expect(error?.reason == .connectionFailed, "\(String(describing: error))")
            let place = "ended at byte \(offset + 1_000_000) of 3000000"
            #expect(error?.message.contains(place) == (end == "exit 0"), "\(String(describing: error))")
        }
    }

    /// A document that is made when it is asked for (Google Docs) has no size before: it is no backup, and no trouble.
    @Test func whatHasNoSizeIsPassedOverAndNamed() throws {
        for name in ["a.sql", "notes.gdoc"] { try TestFile.write([1, 2, 3], to: directory.file("data/\(name)")) }
        let location = try location(
            #"""
            [ "$1" = lsjson ] || exec "$rclone" "$@"
            "$rclone" "$@" | sed '/notes.gdoc/s/"Size": *[0-9]*/"Size":-1/'
            """#)
        let listing = try location.survey(cancellation: Cancellation())
        #expect(listing.entries.map(\.path) == ["a.sql"])
        #expect(listing.skipped == ["\(location.address)/notes.gdoc"])
        #expect(listing.entries.map(\.identity.sizeBytes) == [3])
        // Where the listing is to prove what is not there, nothing is passed over.
        let error = #expect(throws: Obstacle.self) { try location.objects(cancellation: Cancellation()) }
        #expect(error?.reason == .unsupportedFormat)
    }

    /// Settings of a remote in its address may be secrets, which would stand in the arguments of rclone, in messages and
    /// reports.
    @Test(arguments: [
        ":s3,access_key_id=AKID,secret_access_key=hush:bucket", ":sftp,host=h,pass=hush:dir", "store,pass=hush:dir",
        #"store,url="http://u:hush@h":dir"#, ":local:/tmp",
    ])
    func settingsInAnAddressAreRefused(remote: String) throws {
        let locations = KnownLocations(environment: ["PATH": "/usr/bin:/bin"])
        for body in [
            { _ = try locations.location("rclone:\(remote)") }, { _ = try locations.remote("rclone:\(remote)/a.sql") },
        ] {
            let error = #expect(throws: Obstacle.self) { try body() }
            #expect(error?.hint?.contains("rclone.conf") == true)
            #expect(error.map { "\($0)" }?.contains("hush") == false)
            #expect(error?.message.contains("hush") == false)
        }
    }
}
