import TestSupport
import Testing

/// The daemon over a bucket.
@Suite(.serialized) struct StoreDaemonTests {
    @Test func backupsInABucketAreFoundAndVerified() throws {
        let shop = try RestoredShop()
        let server = try S3Server.shared()
        let bucket = try server.makeBucket()
        let proxy = try FaultProxy(before: server.port)
        let dump = try TestFile.read(try Compressor.gzip.compress(try shop.dump()))
        try bucket.put(dump, "pg/shop-20261120-020000.sql.gz")
        try Tool.run("touch", ["-d", "10 minutes ago", bucket.path("pg/shop-20261120-020000.sql.gz")])
        let daemon = try DaemonProcess(
            """
            databases:
              - name: shop
                backups: { location: "\(bucket.address)/pg", match: "shop-{time:yyyyMMdd-HHmmss}.sql.gz" }
                schedule: after_each_backup
                jitter: 0s
            """, in: shop.directory, variables: server.environment(endpoint: proxy.endpoint))
        try daemon.waitForMetric(#"backup_location_up{database="shop"} 1"#)
        try daemon.waitForMetric(#"backup_catalog_backups{database="shop"} 1"#)
        try daemon.waitForMetric(#"backup_size_bytes{database="shop"} \#(dump.count)"#)
        try daemon.waitForMetric(#"backup_verification_status{database="shop",status="verified"} 1"#)
        // The store is out of order: what was known stays, and it is said.
        proxy.answer { _ in .answer(status: 500, body: "") }
        try daemon.waitForMetric(#"backup_location_up{database="shop"} 0"#)
        try daemon.waitForMetric(#"backup_catalog_backups{database="shop"} 1"#)
        try daemon.waitForMetric(#"backup_verification_status{database="shop",status="verified"} 1"#)
    }
}
