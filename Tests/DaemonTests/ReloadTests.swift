import Backups
import History
import Logging
import Processes
import Settings
import Synchronization
import TestSupport
import Testing

@testable import Daemon

/// What a new configuration changes, and what it can't.
@Suite struct ReloadTests {
    private let directory: TemporaryDirectory
    private let path: String
    private let lines = LogLines()

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("restorable.yml")
    }

    private func write(_ top: String, _ databases: [String]) throws {
        _ = try directory.write(
            """
            history: \(directory.file("history.sqlite"))
            \(top)
            databases:
            \(databases.map { "  - " + $0 }.joined(separator: "\n"))

            """, to: "restorable.yml")
    }

    private static let shop = "{ name: shop, backups: { location: /nonexistent } }"

    private func begin() throws -> Conductor {
        let configuration = try Configuration.load(path: path)
        let store = try SQLiteHistory.open(path: configuration.daemon.history, now: .now()).0
        let conductor = Conductor(
            configuration, events: BlockingQueue(), history: HistoryKeeper(store, log: lines.logger),
            board: FactsBoard(FleetFacts()), watch: { _ in }, load: { [path] in try Configuration.load(path: path) },
            log: lines.logger)
        conductor.begin()
        return conductor
    }

    /// - Returns: what whoever asked for it hears.
    private func reload(_ conductor: Conductor, webProblem: String? = nil) -> Bool {
        let answer = SignalledOnce<Bool>()
        conductor.events.append(.reload(webProblem: webProblem) { answer.set($0) })
        conductor.proceed(after: .zero)
        return answer.wait()
    }

    @Test(arguments: [("", "web: { config_file: /etc/web.yml }"), ("web: { config_file: /etc/web.yml }", "")])
    func anotherWebFileNeedsARestart(before: String, after: String) throws {
        try write(before, [Self.shop])
        let conductor = try begin()
        #expect(reload(conductor))
        try write(after, [Self.shop, Self.shop.replacing("shop", with: "other")])
        #expect(!reload(conductor))
        let facts = conductor.board.facts
        #expect(!facts.configuration.isLastReloadSuccessful && facts.databases.map(\.name) == ["shop"])
        #expect(facts.configuration.problem?.contains("web.config_file") == true)
        try write(before, [Self.shop])
        #expect(reload(conductor) && conductor.board.facts.configuration.isLastReloadSuccessful)
    }

    /// The certificate that nobody noticed was not taken ends one day.
    @Test func usersAndCertificatesThatCanNotBeReadShow() throws {
        try write("", [Self.shop])
        let conductor = try begin()
        try write("", [Self.shop, Self.shop.replacing("shop", with: "other")])
        let told = Mutex<String?>(nil)
        conductor.events.append(
            .reload(webProblem: "the certificate is no PEM") { [board = conductor.board] _ in
                told.withLock { $0 = board.facts.configuration.problem }
            })
        conductor.proceed(after: .zero)
        // The rest is in force, and whoever asked can be told what is not.
        #expect(told.withLock { $0 }?.contains("the certificate is no PEM") == true)
        #expect(conductor.board.facts.databases.map(\.name) == ["other", "shop"])
        #expect(!conductor.board.facts.configuration.isLastReloadSuccessful)
        #expect(reload(conductor) && conductor.board.facts.configuration.problem == nil)
    }

    /// What nobody asks any more must not be shown as if somebody had.
    @Test func whoIsNotWatchedHasNoProduction() throws {
        let names = (1...ProductionWatch.most + 5).map { "db\(1000 + $0)" }
        let entry = "{ name: NAME, connection: 'host=db dbname=NAME', backups: { location: /nonexistent } }"
        try write("", names.map { entry.replacing("NAME", with: $0) })
        let conductor = try begin()
        func answer(_ name: String) {
            conductor.events.append(
                .asked(
                    ProductionLook(
                        database: name, connection: "host=db dbname=\(name)", facts: ProductionFacts(isUp: true))))
        }
        for name in names { answer(name) }
        conductor.proceed(after: .zero)
        func watched() -> [String] {
            conductor.isDirty = true
            conductor.publish()
            return conductor.board.facts.databases.filter { $0.production != nil }.map(\.name)
        }
        let before = watched()
        #expect(before.count == ProductionWatch.most)
        // Two are not asked any more, and make room; their answers may still be on their way.
        let silent = "{ name: NAME, backups: { location: /nonexistent } }"
        try write("", names.enumerated().map { ($0 < 2 ? silent : entry).replacing("NAME", with: $1) })
        #expect(reload(conductor))
        for name in names { answer(name) }
        conductor.proceed(after: .zero)
        let after = watched()
        #expect(after.count == ProductionWatch.most && Set(after).isDisjoint(with: names.prefix(2)))
        #expect(Set(after).subtracting(before).count == 2)
    }

    @Test func aDiskWithoutConnectionShows() throws {
        let entry = "{ name: shop, backups: { location: /nonexistent }, disk: { path: / } }"
        try write("", [entry])
        let conductor = try begin()
        let disk = DiskFacts(usedBytes: 1, capacityBytes: 2)
        conductor.events.append(.measured(["shop": disk]))
        conductor.proceed(after: .zero)
        #expect(conductor.board.facts.databases[0].disk == disk && conductor.board.facts.databases[0].production == nil)
        try write("", [Self.shop])
        #expect(reload(conductor) && conductor.board.facts.databases[0].disk == nil)
    }

    // MARK: WAL archives

    private static func archived(_ settings: WALArchiveSettings, end: Int64) -> DaemonEvent {
        let facts = WALArchiveFacts(
            isUp: true, checkedAt: Timestamp(seconds: end), verdict: .verified, missingSegments: 0,
            window: .init(start: Timestamp(seconds: 1000), end: Timestamp(seconds: end)))
        return .archived(ArchiveLook(settings: settings, facts: .success(facts), seconds: 1))
    }

    /// What an archive holds that is configured no more must not be shown as if somebody still looked.
    @Test func anotherArchiveIsNotTheOneThatWasLookedAt() throws {
        func entry(_ archive: String) -> String {
            "{ name: shop, backups: { location: /nonexistent }, wal_archive: { location: /wal\(archive) } }"
        }
        try write("", [entry("")])
        let conductor = try begin()
        func look() throws {
            let settings = try #require(conductor.configuration.databases[0].walArchive)
            conductor.events.append(Self.archived(settings, end: 2000))
            conductor.proceed(after: .zero)
        }
        try look()
        #expect(conductor.board.facts.databases[0].walArchive?.missingSegments == 0)
        // How often it is looked at does not change what is known.
        try write("", [entry(", interval: 7m")])
        #expect(reload(conductor) && conductor.board.facts.databases[0].walArchive?.missingSegments == 0)
        for change in ["2", "2, base: /base"] {
            try write("", [entry(change)])
            #expect(reload(conductor) && conductor.board.facts.databases[0].walArchive == nil)
            try look()
            #expect(conductor.board.facts.databases[0].walArchive?.missingSegments == 0)
            #expect(conductor.board.facts.collectors["wal_archive"] != nil)
        }
        try write("", [Self.shop])
        #expect(reload(conductor) && conductor.board.facts.databases[0].walArchive == nil)
        #expect(conductor.board.facts.collectors["wal_archive"] == nil)
    }

    /// After a start the archive takes a while: until then the dump's time would be said, and an alert raised.
    @Test func nothingIsSaidBeforeTheArchiveWasLookedAt() throws {
        try write(
            "", [Self.shop.replacing("nonexistent }", with: "nonexistent }, wal_archive: { location: /wal }")])
        let conductor = try begin()
        let backup = CatalogBackup(
            identity: BackupIdentity(path: "/nonexistent/shop.sql", sizeBytes: 1, modified: Timestamp(seconds: 1100)),
            completedAt: Timestamp(seconds: 1100), dataAsOf: Timestamp(seconds: 1000))
        conductor.events.append(
            .listed(
                [
                    CatalogLook(
                        entry: "shop", problem: nil,
                        databases: [DatabaseLook(database: "shop", facts: CatalogFacts(backups: [backup]))])
                ], seconds: 1))
        conductor.proceed(after: .zero)
        #expect(conductor.board.facts.databases[0].catalog?.backups.count == 1)
        #expect(conductor.board.facts.databases[0].recoverableUntil == nil)
        let settings = try #require(conductor.configuration.databases[0].walArchive)
        // One that can't be listed tells nothing, either.
        conductor.events.append(
            .archived(ArchiveLook(settings: settings, facts: .failure(Obstacle(.unreadable, "gone")), seconds: 1)))
        conductor.proceed(after: .zero)
        #expect(conductor.board.facts.databases[0].walArchive?.isUp == false)
        #expect(conductor.board.facts.databases[0].recoverableUntil == nil)
        conductor.events.append(Self.archived(settings, end: 2000))
        conductor.proceed(after: .zero)
        #expect(conductor.board.facts.databases[0].recoverableUntil == Timestamp(seconds: 2000))
        try write("", [Self.shop])
        #expect(reload(conductor) && conductor.board.facts.databases[0].recoverableUntil == Timestamp(seconds: 1000))
    }
}
