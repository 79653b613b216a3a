import Foundation
import Glibc
import Processes
import Synchronization
import TestSupport
import Testing

/// Backups that appear, grow and vanish while the daemon lists and verifies: what holds still is always there, what is
/// being written never counts, and nothing of it is trouble.
@Suite(.serialized) struct ChangingLocationTests {
    private let shop: RestoredShop
    private let backups: String

    init() throws {
        shop = try RestoredShop()
        backups = shop.directory.file("backups")
        mkdir(backups, 0o755)
    }

    /// What backup jobs and rotation do, again and again, on a thread of its own.
    private final class Traffic: Sendable {
        private let isDone = Mutex(false)
        private let ended = SignalledOnce<Bool>()
        let rounds = Atomic<Int>(0)

        /// - Parameter dump: one that is complete, to make others of.
        init(in root: String, dump: [UInt8]) {
            Thread.detachNewThread { [self] in
                while !isDone.withLock({ $0 }) {
                    Self.work(root, dump)
                    rounds.add(1, ordering: .relaxed)
                }
                ended.set(true)
            }
        }

        func end() {
            isDone.withLock { $0 = true }
            _ = ended.wait()
        }

        private static func work(_ root: String, _ dump: [UInt8]) {
            for number in 0..<20 {
                let day = "\(root)/day-\(number)"
                mkdir(day, 0o755)
                // One grows for as long as it is there.
                for _ in 0..<3 { append("\(day)/shop-new.sql", dump[..<100]) }
                // One appears whole and old, as a copy that keeps times does, and vanishes, perhaps while it is verified.
                append("\(root)/passing-\(number).part", dump[...])
                var times = [timeval(), timeval()]
                for index in times.indices { times[index].tv_sec = time(nil) - 3600 }
                utimes("\(root)/passing-\(number).part", times)
                rename("\(root)/passing-\(number).part", "\(root)/passing-\(number).sql")
                unlink("\(day)/shop-new.sql")
                rmdir(day)
                unlink("\(root)/passing-\(number).sql")
            }
        }

        private static func append(_ path: String, _ bytes: ArraySlice<UInt8>) {
            let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { return }
            _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            close(descriptor)
        }
    }

    @Test func whatHoldsStillIsAlwaysThere() throws {
        let dump = try shop.database.dump(to: shop.directory.file("backups/shop-1.sql"))
        try Tool.run("touch", ["--date", "1 hour ago", dump])
        for number in 2...9 {
            try Tool.run("cp", ["--preserve", dump, "\(backups)/shop-\(number).sql"])
        }
        let configuration = """
            concurrent_verifications: 2
            databases:
              - name: shop
                backups: { location: \(backups), match: "**/shop-*.sql" }
                schedule: after_each_backup
              - name: "{database}"
                backups: { location: \(backups), match: "{database}-*.sql" }
                schedule: after_each_backup
            """
        let traffic = Traffic(in: backups, dump: try TestFile.read(dump))
        defer { traffic.end() }
        let daemon = try DaemonProcess(configuration, in: shop.directory)
        try daemon.waitForMetric(#"backup_verification_status{database="shop",status="verified"} 1"#)
        // Twenty looks of the daemon, each over other files.
        var looks: Set<String> = []
        try DaemonProcess.eventually("the location was listed twenty times") {
            let lines = try daemon.get("/metrics").split(separator: "\n")
            for line in lines where line.contains(#"database="shop""#) || line.contains("collector=\"catalog\"") {
                if line.hasPrefix("restorable_collector_duration_seconds") { looks.insert(String(line)) }
                let wrong = [
                    ("backup_location_up", "1"), ("backup_catalog_backups", "9"), ("restorable_collector_success", "1"),
                    (#"backup_verification_status{database="shop",status="failed"}"#, "0"),
                ].contains { line.hasPrefix($0) && !line.hasSuffix(" \($1)") }
                #expect(!wrong, "\(line)")
            }
            return looks.count >= 20
        }
        #expect(traffic.rounds.load(ordering: .relaxed) > 10)
        traffic.end()
        // What vanished under a verification was nobody's failure.
        let runs = try daemon.get("/api/v1/verifications?limit=500")
        #expect(!runs.contains(#""verdict":"failed""#), "\(runs)")
        let log = try TestFile.text(daemon.log)
        #expect(!log.contains("can't be listed") && !log.contains(" error "), "\(log)")
        try daemon.waitForMetric(#"backup_catalog_backups{database="shop"} 9"#)
        #expect(try daemon.end(SIGTERM) == .exited(0))
    }
}
