import Glibc
import Processes
import TestSupport
import Testing

/// The daemon over what `pg_basebackup` writes: which moment one could really go back to.
@Suite(.serialized) struct BaseBackupDaemonTests {
    /// Where they lie, and how they are written.
    enum Place: CaseIterable {
        case directory, bucket

        var arguments: [String] { self == .directory ? ["-Fp"] : ["-Ft", "-z"] }
    }

    /// One that was made, and not put in its place yet.
    private struct Made {
        let path: String
        /// The START TIME of its label, in seconds since 1970.
        let began: Int
    }

    private let directory: TemporaryDirectory
    private let production: ArchivedProduction

    init() throws {
        directory = try TemporaryDirectory()
        // A transaction of its own while a base backup is made would be what that shows.
        production = try ArchivedProduction(settings: ["autovacuum": "off"])
    }

    @Test(arguments: Place.allCases) func theNewestGoodOneIsWhatOneHas(place: Place) throws {
        let store = try S3Server.shared()
        let bucket = try store.makeBucket()
        let bases = place == .directory ? directory.file("bases") : bucket.path("bases")
        try Tool.run("mkdir", [bases])
        let location = place == .directory ? bases : "\(bucket.address)/bases"
        let first = try make("first", place)
        try show(first, in: bases)
        let daemon = try DaemonProcess(
            """
            databases:
              - name: shop
                backups: { location: "\(location)", match: "base-{time:yyyyMMdd-HHmmss}" }
                schedule: after_each_backup
                jitter: 0s

            """, in: directory, scratch: directory.file("scratch"), variables: store.environment())
        try daemon.waitForMetric(#"backup_verification_status{database="shop",status="verified"} 1"#)
        var page = try daemon.get("/metrics")
        #expect(value("backup_verified_backup_timestamp_seconds", page) == first.began)
        // Before it was read, there was its name alone.
        #expect(value("backup_data_timestamp_seconds", page) == first.began - 60)
        #expect(page.contains(#"backup_verification_proof{database="shop",proof="self"} 1"#))
        #expect(value("backup_restored_rows", page) == 3)
        #expect(value("backup_known_bad_backups", page) == 0)
        let report = try daemon.get("/api/v1/verifications/1")
        for member in [#""format":"basebackup""#, #""data_as_of_source":"dump""#, #""content":"proved""#] {
            #expect(report.contains(member), "\(member) is not in \(report)")
        }

        try production.shop.run("INSERT INTO orders (id, what) VALUES (4, 'd'), (5, 'e')")
        let second = try make("second", place)
        try damage(second, place)
        try show(second, in: bases)
        try daemon.waitForMetric(#"backup_verification_status{database="shop",status="failed"} 1"#)
        page = try daemon.get("/metrics")
        #expect(value("backup_verified_backup_timestamp_seconds", page) == first.began)
        #expect(value("backup_data_timestamp_seconds", page) == second.began - 60)
        #expect(page.contains(#"backup_verification_proof{database="shop",proof="none"} 1"#))
        #expect(value("backup_known_bad_backups", page) == 1)

        let third = try make("third", place)
        try show(third, in: bases)
        try daemon.waitForMetric(#"backup_verification_status{database="shop",status="verified"} 1"#)
        page = try daemon.get("/metrics")
        #expect(value("backup_verified_backup_timestamp_seconds", page) == third.began)
        #expect(value("backup_restored_rows", page) == 5)
        #expect(value("backup_known_bad_backups", page) == 1)
        #expect(try daemon.end(SIGTERM) == .exited(0))
        #expect(try TestFile.names(in: directory.file("scratch")).filter { $0.hasPrefix("scratch-") } == [])
    }

    /// Begun in a second of its own.
    private func make(_ name: String, _ place: Place) throws -> Made {
        let second = try production.shop.query("SELECT floor(extract(epoch FROM clock_timestamp()))")
        try DaemonProcess.eventually("a later second", every: 20_000) {
            try production.shop.query("SELECT extract(epoch FROM clock_timestamp()) >= \(second) + 1") == "t"
        }
        let path = directory.file(name)
        try production.server.baseBackup(place.arguments, to: path)
        let began = try Tool.shell(
            """
            { cat "$1/backup_label" 2>/dev/null || tar -xzOf "$1/base.tar.gz" backup_label; } |
                sed -n 's/^START TIME: //p' | date -f - +%s
            """, [path]
        ).outputText
        return Made(path: path, began: try #require(Int(began.prefix { $0.isNumber })))
    }

    /// One file of it is not what it was.
    private func damage(_ backup: Made, _ place: Place) throws {
        switch place {
        case .directory:
            let file = "\(backup.path)/\(try production.shop.query("SELECT pg_relation_filepath('orders')"))"
            try Damage.flipBit(UInt64(try TestFile.size(file)) * 4).copy(file, to: file)
        case .bucket:
            let file = "\(backup.path)/base.tar.gz"
            try Damage.cutEnd(try TestFile.size(file) / 3).copy(file, to: file)
        }
    }

    /// Puts it in its place at once and whole, as if it had been written a while ago; the job that names it looks at the clock a
    /// minute before.
    private func show(_ backup: Made, in bases: String) throws {
        try Tool.shell(
            """
            find "$1" -exec touch -d '10 minutes ago' {} +
            mv "$1" "$2/base-$(date -u -d "@$(($3 - 60))" +%Y%m%d-%H%M%S)"
            """, [backup.path, bases, "\(backup.began)"])
    }

    /// In whole seconds, as the label tells them.
    private func value(_ name: String, _ page: String) -> Int? {
        let series = name + #"{database="shop"} "#
        return page.split(separator: "\n").first { $0.hasPrefix(series) }
            .flatMap { Double($0.dropFirst(series.count)) }.map { Int($0) }
    }
}
