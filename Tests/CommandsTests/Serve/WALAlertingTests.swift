import Glibc
import Processes
import TestSupport
import Testing

/// From a segment that is missing to the alert, and back, while production writes on: real things, and the rules as they are shipped.
@Suite struct WALAlertingTests {
    /// One archive, each segment put into a store while production writes, watched there and as the directory that the store keeps:
    /// both must say the same.
    @Test func aGapAlarmsWhileItIsThere() throws {
        let store = try S3Server.shared()
        let bucket = try store.makeBucket()
        let server = try ArchivingServer(layout: .put(store, bucket), into: bucket.path("wal"))
        let directory = try TemporaryDirectory()
        try server.write(transactions: 20)
        try server.baseBackup([], to: bucket.path("base"))
        try server.write(transactions: 100)
        usleep(S3Server.memory)
        let writer = try ChildProcess.start(
            Command(
                server.server.installation.tool("pgbench"),
                [
                    "-h", server.server.socketDirectory, "-U", TestServer.superuser, "-n", "-R", "50", "-T", "3600",
                    "postgres",
                ],
                parentDeathSignal: .kill))
        defer { writer.terminate() }
        let daemon = try DaemonProcess(
            """
            databases:
              - name: files
                backups: { location: \(directory.path), match: "*.sql" }
                wal_archive: { location: \(server.archive), base: \(bucket.path("base")), interval: 1s, grace: 2s }
                objectives: { recovery_window: 20s }
              - name: store
                backups: { location: \(directory.path), match: "*.sql" }
                wal_archive:
                  location: "\(bucket.address)/wal"
                  base: "\(bucket.address)/base"
                  interval: 1s
                  grace: 2s
            """, in: directory, scratch: directory.file("scratch"), variables: store.environment())
        for name in ["files", "store"] {
            try daemon.waitForMetric("postgres_wal_archive_up{database=\"\(name)\"} 1")
            try daemon.waitForMetric("postgres_wal_archive_missing_segments{database=\"\(name)\"} 0")
        }
        let monitoring = try Monitoring(scraping: daemon.address, in: directory)
        // They have no dumps.
        let always: Set = ["Watchdog", "BackupMissing files", "BackupMissing store"]
        try monitoring.wait(for: always)

        let names = try TestFile.names(in: server.archive).filter { $0.count == 24 }
        let gone = names[names.count - 3]
        try Tool.run("mv", ["\(server.archive)/\(gone)", directory.file("gone")])
        try monitoring.wait(for: always.union(["WALArchiveGap files", "WALArchiveGap store"]))
        // Production does not know of it, and archives on.
        let count = try TestFile.names(in: server.archive).count
        try server.archiveAll()
        #expect(try TestFile.names(in: server.archive).count > count)
        #expect(try monitoring.activeAlerts().contains("WALArchiveGap files"))

        try Tool.run("mv", [directory.file("gone"), "\(server.archive)/\(gone)"])
        try monitoring.wait(for: always)

        writer.terminate()
        try damage(server, always, monitoring, directory)
        // The older base backup is gone: one can't go back to before the new one any more, until that is older.
        try server.baseBackup([], to: bucket.path("new"))
        try Tool.run("mv", [bucket.path("base"), directory.file("base")])
        try Tool.run("mv", [bucket.path("new"), bucket.path("base")])
        try monitoring.wait(for: always.union(["RecoveryWindowTooShort files"]))
        try monitoring.wait(for: always)
        #expect(try daemon.end(SIGTERM) == .exited(0))
    }

    /// Nothing is missing by the newest segment: it is only not what it should be.
    private func damage(
        _ server: ArchivingServer, _ always: Set<String>, _ monitoring: Monitoring, _ directory: TemporaryDirectory
    ) throws {
        let newest = "\(server.archive)/\(try server.archiveAll())"
        try Tool.shell(
            "cp -p \"$1\" \"$2\" && head -c 500000 \"$2\" >\"$2.cut\" && mv \"$2.cut\" \"$1\"",
            [newest, directory.file("whole")])
        try monitoring.wait(for: always.union(["WALArchiveDamaged files", "WALArchiveDamaged store"]))
        try Tool.run("mv", [directory.file("whole"), newest])
        try monitoring.wait(for: always)
    }
}
