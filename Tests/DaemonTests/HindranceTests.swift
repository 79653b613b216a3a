import Backups
import History
import Processes
import Settings
import TestSupport
import Testing

@testable import Daemon

/// Why a turn that is due does not begin: in the facts, which page and API show, and in the log, once.
@Suite struct HindranceTests {
    private let folder: BackupFolder
    private let lines = LogLines()
    private let clock = SimulatedClock(SimulatedDay.beginning)

    init() throws { folder = try BackupFolder() }

    private func conductor(_ top: String, _ entries: [String]) throws -> Conductor {
        let text = """
            history: \(folder.directory.file("history.sqlite"))
            \(top)
            databases:
            \(entries.map { "  - \($0.replacing("LOCATION", with: folder.directory.file("backups")))" }.joined(separator: "\n"))
            """
        let configuration = try Configuration.parse(text, file: "test.yml")
        let store = try SQLiteHistory.open(path: configuration.daemon.history, now: clock.now).0
        let conductor = Conductor(
            configuration, events: BlockingQueue(), history: HistoryKeeper(store, log: lines.logger),
            board: FactsBoard(FleetFacts()), watch: { _ in }, load: { configuration },
            performer: TurnPerformer(start: { _ in }), clock: { [clock] in clock.now }, log: lines.logger)
        conductor.begin()
        return conductor
    }

    private func entry(_ name: String, _ more: String = "") -> String {
        #"{ name: \#(name), schedule: after_each_backup, backups: { location: LOCATION, match: "\#(name)-*.sql" }\#(more) }"#
    }

    private func look(_ conductor: Conductor, sizes: [String: UInt64]) {
        let looks = sizes.map { name, size -> CatalogLook in
            let identity = BackupIdentity(path: "/b/\(name)-1.sql", sizeBytes: size, modified: SimulatedDay.beginning)
            let facts = CatalogFacts(
                backups: [CatalogBackup(identity: identity, completedAt: SimulatedDay.beginning)], expectedSize: nil)
            return CatalogLook(entry: name, problem: nil, databases: [DatabaseLook(database: name, facts: facts)])
        }
        conductor.events.append(.listed(looks, seconds: 0))
        conductor.proceed(after: .zero)
    }

    private func hindrance(_ conductor: Conductor, _ name: String) -> Hindrance? {
        conductor.board.facts.databases.first { $0.name == name }?.verification.hindrance
    }

    private func isRunning(_ conductor: Conductor, _ name: String) -> Bool { conductor.databases[name]?.running != nil }

    private func said(_ text: String) -> Int { lines.all.count { $0.contains(text) } }

    /// Of a disk that is really that small.
    @Test(.enabled(if: SmallFileSystem.isAllowed)) func aTurnWaitsForRoomAndBeginsWhenThereIsSome() throws {
        let disk = try SmallFileSystem(bytes: 1 << 20)
        let conductor = try conductor("scratch: { directory: \(disk.path)/scratch }", [entry("big"), entry("small")])
        for _ in 0..<3 { look(conductor, sizes: ["big": 2 << 20, "small": 1000]) }
        guard case .noRoom(let lack)? = hindrance(conductor, "big") else {
            Issue.record("\(String(describing: hindrance(conductor, "big")))")
            return
        }
        #expect(lack == "only 1.0 MiB are free in \(disk.path)/scratch for a backup of 2.0 MiB")
        #expect(said("big: a verification is due and waits: only 1.0 MiB are free") == 1)
        #expect(lines.all.contains { $0.hasPrefix("warning: big: ") })
        // The other one has room, and runs.
        #expect(hindrance(conductor, "small") == nil && isRunning(conductor, "small"))
        #expect(!isRunning(conductor, "big"))
        // A smaller backup takes its place, and its turn comes when the other has ended.
        conductor.events.append(.turnEnded(database: "small", []))
        look(conductor, sizes: ["big": 1000, "small": 1000])
        #expect(hindrance(conductor, "big") == nil && isRunning(conductor, "big"))
    }

    @Test func aTurnWaitsForItsWindowAndItsPlace() throws {
        // It is noon.
        let conductor = try conductor(
            "concurrent_verifications: 1", [entry("a"), entry("b"), entry("night", #", window: "22:00-23:00""#)])
        for _ in 0..<3 { look(conductor, sizes: ["a": 1, "b": 1, "night": 1]) }
        #expect([hindrance(conductor, "a"), hindrance(conductor, "b")].contains(.cap(1)))
        guard case .window(let opens?)? = hindrance(conductor, "night") else {
            Issue.record("\(String(describing: hindrance(conductor, "night")))")
            return
        }
        #expect(opens > clock.now)
        #expect(said("night: a verification is due and waits: its window opens at") == 1)
        #expect(said("waits: 1 verification runs already") == 1)
        #expect(!lines.all.contains { $0.hasPrefix("warning") })
    }
}
