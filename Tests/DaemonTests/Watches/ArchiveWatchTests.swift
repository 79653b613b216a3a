import Backups
import PostgreSQL
import Processes
import Settings
import Synchronization
import TestSupport
import Testing

@testable import Daemon

/// A WAL archive that does not answer holds up no other.
@Suite struct ArchiveWatchTests {
    private let configuration: Configuration
    private let events = BlockingQueue<DaemonEvent>()
    private let lines = LogLines()

    init() throws {
        configuration = try Configuration.parse(
            """
            databases:
              - { name: dead, backups: { location: /b }, wal_archive: { location: /dead, interval: 1s } }
              - { name: well, backups: { location: /b }, wal_archive: { location: /well, interval: 1s } }

            """, file: "test.yml")
    }

    /// The next look at an archive that `isWanted`.
    private func next(_ location: String, _ isWanted: (ArchiveLook) -> Bool = { _ in true }) -> ArchiveLook? {
        let deadline = ContinuousClock.now + .seconds(90)
        while ContinuousClock.now < deadline {
            guard case .archived(let look)? = events.next(for: deadline - .now) else { continue }
            if look.settings.location == location, isWanted(look) { return look }
        }
        return nil
    }

    private static func isUp(_ look: ArchiveLook) -> Bool { (try? look.facts.get())?.isUp == true }

    @Test func anArchiveThatHangsIsDownAndHidesNoOther() throws {
        let mount = SignalledOnce<Bool>()
        let looks = Mutex<[String: Int]>([:])
        let watch = ArchiveWatch(
            events: events, patience: .seconds(2),
            look: { settings, _, _, _ in
                let count = looks.withLock { looks in
                    looks[settings.location, default: 0] += 1
                    return looks[settings.location] ?? 0
                }
                if settings.location == "/dead" { _ = mount.wait() }
                return WALArchiveFacts(isUp: true, missingSegments: UInt64(count))
            }, log: lines.logger)
        defer { watch.stop() }
        watch.configure(configuration.databases, configuration)
        let down = try #require(next("/dead"))
        guard case .failure(let obstacle) = down.facts else {
            Issue.record("an archive that hangs was listed")
            return
        }
        #expect(obstacle.reason == .deadlineExceeded && obstacle.message.contains("/dead"))
        for _ in 0..<3 { #expect(next("/well", Self.isUp) != nil) }
        // It is not asked again before it has answered, also when the configuration was read anew.
        watch.configure([], configuration)
        watch.configure(configuration.databases, configuration)
        #expect(next("/well", Self.isUp) != nil)
        #expect(looks.withLock { $0["/dead"] } == 1)
        // What it says then is of earlier: it is looked at anew.
        mount.set(true)
        let up = try #require(next("/dead", Self.isUp))
        #expect(try up.facts.get().missingSegments ?? 0 >= 2)
    }
}
