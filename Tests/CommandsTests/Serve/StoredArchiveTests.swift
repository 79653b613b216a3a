import Glibc
import Processes
import TestSupport
import Testing

/// The daemon watching an archive in a bucket, which a real server archives into: what Prometheus sees of it.
@Suite struct StoredArchiveTests {
    @Test func aBucketIsWatchedAsADirectoryIs() throws {
        let store = try S3Server.shared()
        let bucket = try store.makeBucket()
        let proxy = try FaultProxy(before: store.port)
        let server = try ArchivingServer(layout: .prefixed, into: bucket.path("wal"))
        let directory = try TemporaryDirectory()
        try server.write(transactions: 20)
        try server.baseBackup([], to: directory.file("base"))
        try server.write(transactions: 100)
        try Tool.run("cp", ["-a", directory.file("base"), bucket.path("base")])
        usleep(S3Server.memory)
        let daemon = try DaemonProcess(
            """
            databases:
              - name: shop
                backups: { location: \(directory.path), match: "*.sql" }
                wal_archive:
                  location: "\(bucket.address)/wal"
                  base: "\(bucket.address)/base"
                  interval: 1s
                  grace: 0s
                objectives: { recovery_window: 7d }

            """, in: directory, scratch: directory.file("scratch"),
            variables: store.environment(endpoint: proxy.endpoint))
        try daemon.waitForMetric(#"postgres_wal_archive_up{database="shop"} 1"#)
        try daemon.waitForMetric(#"postgres_wal_archive_missing_segments{database="shop"} 0"#)
        let end = try #require(try value("postgres_recovery_window_end_timestamp_seconds", daemon))
        #expect(try #require(try value("postgres_recovery_window_start_timestamp_seconds", daemon)) < end)
        #expect(try value("backup_recoverable_until_timestamp_seconds", daemon) == end)
        // From the second look on, only what is new is asked for: and seen.
        try DaemonProcess.eventually("a listing that goes on") {
            proxy.requests.contains { $0.target.contains("start-after") }
        }
        try server.write(transactions: 100)
        try DaemonProcess.eventually("a later end") {
            try value("postgres_recovery_window_end_timestamp_seconds", daemon) ?? 0 > end
        }
        let stored = "\(server.archive)/wals/0000000100000000"
        let names = try TestFile.names(in: stored)
        let gone = names[names.count - 3]
        try Tool.run("mv", ["\(stored)/\(gone)", directory.file("gone")])
        try daemon.waitForMetric(#"postgres_wal_archive_missing_segments{database="shop"} 1"#)
        #expect(try daemon.get("/api/v1/databases").contains(#""first_missing":"\#(gone.dropLast(3))""#))
        try Tool.run("mv", [directory.file("gone"), "\(stored)/\(gone)"])
        try daemon.waitForMetric(#"postgres_wal_archive_missing_segments{database="shop"} 0"#)
        // A store that is out of order is no empty archive.
        proxy.answer { _ in .answer(status: 500, body: "") }
        try daemon.waitForMetric(#"postgres_wal_archive_up{database="shop"} 0"#)
        try daemon.waitForMetric(#"postgres_wal_archive_missing_segments{database="shop"} 0"#)
        #expect(try daemon.end(SIGTERM) == .exited(0))
        #expect(try TestFile.names(in: directory.file("scratch")).filter { $0.hasPrefix("scratch-") } == [])
    }

    private func value(_ name: String, _ daemon: DaemonProcess) throws -> Double? {
        let series = name + #"{database="shop"} "#
        return try daemon.get("/metrics").split(separator: "\n").first { $0.hasPrefix(series) }
            .flatMap { Double($0.dropFirst(series.count)) }
    }
}
