import Backups
import Processes
import Settings
import Synchronization
import TestSupport
import Testing

@testable import Daemon

/// A file system that does not answer holds up nobody for good.
@Suite struct PatienceTests {
    private func databases() throws -> [DatabaseSettings] {
        try Configuration.parse(
            "databases: [{name: dead, backups: {location: /dead}}, {name: well, backups: {location: /well}}]",
            file: "test.yml"
        ).databases
    }

    private func names(_ finding: CatalogReader.Finding) -> [String]? {
        try? finding.databases.get().flatMap(\.candidates).map(\.entry.path)
    }

    @Test func aLocationThatHangsIsDownAndHidesNoOther() throws {
        let mount = SignalledOnce<Bool>()
        var reader = CatalogReader(
            patience: .seconds(2),
            list: { location in
                if location == "/dead" { _ = mount.wait() }
                let identity = BackupIdentity(path: "\(location)/a.sql", sizeBytes: 1, modified: .now())
                return LocationListing(entries: [LocationEntry(path: "a.sql", identity: identity)])
            })
        let entries = try databases()
        for _ in 0..<3 {
            let findings = reader.read(entries)
            guard case .failure(let obstacle) = findings[0].databases else {
                Issue.record("a location that hangs was listed")
                return
            }
            #expect(obstacle.reason == .deadlineExceeded && obstacle.message.contains("/dead"))
            #expect(names(findings[1]) == ["a.sql"])
        }
        // It is seen again as soon as it answers.
        mount.set(true)
        let deadline = ContinuousClock.now + .seconds(60)
        var found: [String]?
        while found == nil, ContinuousClock.now < deadline { found = names(reader.read(entries)[0]) }
        #expect(found == ["a.sql"])
    }

    @Test func aQuestionThatWaitsIsNotAskedAgain() throws {
        let asked = BlockingQueue<Int>()
        let mount = SignalledOnce<Bool>()
        let times = Atomic<Int>(0)
        let call = PatientCall(named: "test") {
            let time = times.add(1, ordering: .relaxed).newValue
            asked.append(time)
            _ = mount.wait()
            return time
        }
        for _ in 0..<5 { #expect(try call.answer(within: .milliseconds(1)) == nil) }
        #expect(asked.next(for: .seconds(60)) == 1 && asked.next(for: .zero) == nil)
        mount.set(true)
        var found: Int?
        let deadline = ContinuousClock.now + .seconds(60)
        while found == nil, ContinuousClock.now < deadline { found = try call.answer(within: .seconds(60)) }
        // The first answer came too late to be told.
        #expect(found == 2)
        #expect(throws: Obstacle.self) {
            try PatientCall<Int, any Error>(named: "test") { throw Obstacle(.unreadable, "no") }.answer(
                within: .seconds(60))
        }
    }

    @Test func aDiskThatHangsIsNotKnown() throws {
        let mount = SignalledOnce<Bool>()
        var gauge = DiskGauge(patience: .milliseconds(1)) { path in
            if path == "/dead" { _ = mount.wait() }
            return DiskFacts(usedBytes: 1, capacityBytes: 2)
        }
        for _ in 0..<3 {
            let (facts, problems) = gauge.measure("/dead")
            #expect(facts == nil && problems == ["disk.path /dead can't be looked at: its file system does not answer"])
        }
        #expect(gauge.measure(nil).facts == nil && gauge.measure(nil).problems == [])
        mount.set(true)
        let deadline = ContinuousClock.now + .seconds(60)
        var found: DiskFacts?
        while found == nil, ContinuousClock.now < deadline { found = gauge.measure("/dead").facts }
        #expect(found == DiskFacts(usedBytes: 1, capacityBytes: 2))
    }

    /// `disk.path` needs no connection to production.
    @Test func aDiskWithoutConnectionIsMeasured() throws {
        let events = BlockingQueue<DaemonEvent>()
        let lines = LogLines()
        let watch = DiskWatch(events: events, log: lines.logger)
        defer { watch.stop() }
        watch.configure(
            try Configuration.parse(
                """
                production_interval: 1s
                databases:
                  - { name: shop, backups: { location: /b }, disk: { path: / } }
                  - { name: gone, backups: { location: /b }, disk: { path: /nonexistent } }
                  - { name: asked, connection: host=db, backups: { location: /b }, disk: { path: / } }
                  - { name: none, backups: { location: /b } }
                """, file: "test.yml"))
        for _ in 0..<2 {
            guard case .measured(let disks)? = events.next(for: .seconds(60)) else {
                throw TestFailure("nothing was measured")
            }
            #expect(disks.keys.sorted() == ["shop"])
            #expect(disks["shop"].map { $0.usedBytes > 0 && $0.usedBytes <= $0.capacityBytes } == true)
        }
        #expect(lines.all.count == 1 && lines.all[0].contains("disk.path /nonexistent can't be looked at"))
    }
}
