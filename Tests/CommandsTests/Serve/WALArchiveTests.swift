import Glibc
import Processes
import TestSupport
import Testing

/// The daemon watching the archive of a real server: what Prometheus sees of it.
@Suite struct WALArchiveTests {
    @Test func showsTheWindowAndTheGap() throws {
        let server = try ArchivingServer()
        let directory = try TemporaryDirectory()
        try server.write(transactions: 20)
        try server.baseBackup([], to: directory.file("base"))
        try server.write(transactions: 100)
        let daemon = try DaemonProcess(
            """
            databases:
              - name: shop
                backups: { location: \(directory.path), match: "*.sql" }
                wal_archive: { location: \(server.archive), base: \(directory.file("base")), interval: 1s, grace: 0s }
                objectives: { recovery_window: 7d }
              - name: unwatched
                backups: { location: \(directory.path), match: "*.sql" }

            """, in: directory, scratch: directory.file("scratch"))
        try daemon.waitForMetric(#"postgres_wal_archive_up{database="shop"} 1"#)
        try daemon.waitForMetric(#"postgres_wal_archive_missing_segments{database="shop"} 0"#)
        let start = try #require(try value("postgres_recovery_window_start_timestamp_seconds", daemon))
        let end = try #require(try value("postgres_recovery_window_end_timestamp_seconds", daemon))
        #expect(start < end)
        #expect(try value("backup_recoverable_until_timestamp_seconds", daemon) == end)
        #expect(try !daemon.get("/metrics").contains(#"postgres_wal_archive_up{database="unwatched"}"#))

        // What comes later makes the window longer.
        try server.write(transactions: 100)
        try DaemonProcess.eventually("a later end") {
            try value("postgres_recovery_window_end_timestamp_seconds", daemon) ?? 0 > end
        }
        let names = try TestFile.names(in: server.archive).filter { $0.count == 24 }
        let gone = names[names.count - 3]
        try Tool.run("mv", ["\(server.archive)/\(gone)", directory.file("gone")])
        try daemon.waitForMetric(#"postgres_wal_archive_missing_segments{database="shop"} 1"#)
        #expect(try value("postgres_recovery_window_start_timestamp_seconds", daemon) == nil)
        #expect(try value("backup_recoverable_until_timestamp_seconds", daemon) != nil)
        #expect(try daemon.get("/databases/shop").contains(gone))
        #expect(try daemon.get("/api/v1/databases").contains(#""first_missing":"\#(gone)""#))
        // Found, and put back.
        try Tool.run("mv", [directory.file("gone"), "\(server.archive)/\(gone)"])
        try daemon.waitForMetric(#"postgres_wal_archive_missing_segments{database="shop"} 0"#)

        // An archive that can't be listed is not an empty one: what is known of it stays.
        try Tool.run("mv", [server.archive, "\(server.archive).away"])
        try daemon.waitForMetric(#"postgres_wal_archive_up{database="shop"} 0"#)
        try daemon.waitForMetric(#"postgres_wal_archive_missing_segments{database="shop"} 0"#)
        #expect(try daemon.get("/api/v1/databases").contains("can't be listed"))
        try Tool.run("mv", ["\(server.archive).away", server.archive])
        try daemon.waitForMetric(#"postgres_wal_archive_up{database="shop"} 1"#)
        #expect(try daemon.end(SIGTERM) == .exited(0))
        #expect(try TestFile.names(in: directory.file("scratch")).filter { $0.hasPrefix("scratch-") } == [])
    }

    private func value(_ name: String, _ daemon: DaemonProcess) throws -> Double? {
        let series = name + #"{database="shop"} "#
        return try daemon.get("/metrics").split(separator: "\n").first { $0.hasPrefix(series) }
            .flatMap { Double($0.dropFirst(series.count)) }
    }
}
