import Glibc
import Processes
import TestSupport
import Testing

/// The daemon over a repository of pgBackRest: what Prometheus sees of it.
@Suite struct RepositoryDaemonTests {
    @Test func aRepositoryIsALocationAndAnArchive() throws {
        let production = try PgBackRestServer()
        let shop = try production.server.createDatabase(named: "shop")
        try shop.run("CREATE TABLE orders AS SELECT g AS id FROM generate_series(1, 100) g")
        let full = try production.backUp()
        try production.archiveAll()
        let directory = try TemporaryDirectory()
        let configuration = """
            databases:
              - name: shop
                backups: { location: "\(production.address)" }
                wal_archive: { location: "\(production.address)", interval: 1s, grace: 0s }
                schedule: after_each_backup
                objectives: { recovery_window: 7d }

            """
        let daemon = try DaemonProcess(
            configuration, in: directory, scratch: directory.file("scratch"), variables: ["PGBACKREST_JOB_RETRY": "0"])
        try daemon.waitForMetric(#"backup_location_up{database="shop"} 1"#)
        try daemon.waitForMetric(#"backup_catalog_backups{database="shop"} 1"#)
        try daemon.waitForMetric(#"backup_info{database="shop",engine="postgresql",kind="physical"} 1"#)
        try daemon.waitForMetric(#"postgres_wal_archive_up{database="shop"} 1"#)
        try daemon.waitForMetric(#"postgres_wal_archive_missing_segments{database="shop"} 0"#)
        try daemon.waitForMetric(#"backup_verification_status{database="shop",status="verified"} 1"#)
        try daemon.waitForMetric(#"backup_restored_rows{database="shop"} 100"#)
        let page = try daemon.get("/metrics")
        let info = try production.run(["--output=json", "info"]).outputText
        // The times are those that the tool tells.
        for (name, key) in [
            ("backup_data_timestamp_seconds", "start"), ("backup_last_completed_timestamp_seconds", "stop"),
        ] {
            let line = try #require(page.split(separator: "\n").first { $0.hasPrefix("\(name){") })
            let seconds = try #require(line.split(separator: " ").last.flatMap { Double($0) })
            #expect(info.contains(#""\#(key)":\#(Int(seconds))"#), "\(line) is not in \(info)")
        }
        let listed = try Restorable.run(["backups", "--config", directory.file("restorable.yml")])
        #expect(listed.outputText.contains(full), "\(listed.outputText)\(listed.errorText)")
        let member = #""name":"\#(full)","kind":"physical","format":"pgbackrest""#
        #expect(
            try Restorable.run(["backups", "--config", directory.file("restorable.yml"), "--json"]).outputText.contains(
                member))

        // One more that goes on from the first, in which a file is damaged then.
        try shop.run("INSERT INTO orders SELECT g FROM generate_series(101, 300) g")
        let file =
            try Tool.shell(
                "find \"$1\" -path '*/pg_data/base/*' -type f -printf '%s %p\\n' | sort -n | tail -1 | cut -d' ' -f2-",
                ["\(production.repository)/backup/main/\(full)"]
            ).outputText.split(separator: "\n").first.map(String.init) ?? ""
        try production.backUp("incr")
        try daemon.waitForMetric(#"backup_catalog_backups{database="shop"} 2"#)
        try daemon.waitForMetric(#"backup_restored_rows{database="shop"} 300"#)
        try Damage.flipBit(UInt64(try TestFile.size(file)) * 4).copy(file, to: file)
        try production.backUp("diff")
        try daemon.waitForMetric(#"backup_verification_status{database="shop",status="failed"} 1"#)
        // What can't be listed is not empty.
        try Tool.run("mv", [production.repository, production.repository + ".away"])
        try daemon.waitForMetric(#"backup_location_up{database="shop"} 0"#)
        try daemon.waitForMetric(#"backup_catalog_backups{database="shop"} 3"#)
        try Tool.run("mv", [production.repository + ".away", production.repository])
        #expect(try daemon.end(SIGTERM) == .exited(0))
        #expect(try TestFile.names(in: directory.file("scratch")).filter { $0.hasPrefix("scratch-") } == [])
    }
}
