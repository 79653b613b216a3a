import Backups
import History
import Settings
import TestSupport
import Testing

@testable import Daemon

/// Databases come and go under one entry: the conductor with a real history and a real directory, without its threads.
@Suite struct DiscoveryTests {
    private let folder: BackupFolder

    init() throws {
        folder = try BackupFolder()
    }

    @Test func databasesAppearAndStayWhenTheirBackupsVanish() throws {
        try folder.add("shop-1.sql", "shop-2.sql", "app-1.sql")
        let configuration = try folder.configuration(BackupFolder.entry)
        let first = try BegunDaemon(configuration)
        // Until something is found the entry itself is shown.
        #expect(first.databases.keys.sorted() == ["{database}"])
        first.look()
        #expect(first.databases.keys.sorted() == ["app", "shop"])
        #expect(first.count("shop") == 2 && first.count("app") == 1)
        let since = first.databases["app"]?.monitoredSince
        try folder.remove("app-1.sql")
        first.look()
        #expect(first.count("app") == 0 && first.count("shop") == 2)
        #expect(first.databases["app"]?.catalog?.isLocationUp == true)

        let second = try BegunDaemon(configuration, after: first.end())
        #expect(second.databases.keys.sorted() == ["app", "shop"])
        #expect(second.databases["app"]?.monitoredSince == since)
        second.look()
        #expect(second.count("app") == 0 && second.count("shop") == 2)
        // It has the settings of its entry.
        #expect(second.databases["app"]?.isSuspended == true)
        try folder.add("app-3.sql")
        second.look()
        #expect(second.count("app") == 1)
        second.end()
    }

    @Test func aLocationThatIsDownKeepsThemAll() throws {
        try folder.add("shop-1.sql")
        let configuration = try folder.configuration(BackupFolder.entry)
        let begun = try BegunDaemon(configuration)
        begun.look()
        try Tool.run("mv", [folder.directory.file("backups"), folder.directory.file("away")])
        begun.look()
        #expect(begun.count("shop") == 1)
        #expect(begun.databases["shop"]?.catalog?.isLocationUp == false)
        let known = try #require(begun.databases["shop"]?.catalog)
        let again = try BegunDaemon(configuration, after: begun.end())
        for _ in 0..<2 {
            again.look()
            #expect(again.databases["shop"]?.catalog == known)
            #expect(known.backups.count == 1 && known.newest != nil && known.problem != nil)
        }
        // What is gone when it can be listed again is gone.
        try Tool.run("mkdir", [folder.directory.file("backups")])
        again.look()
        #expect(again.count("shop") == 0 && again.databases["shop"]?.catalog?.isLocationUp == true)
        again.end()
    }

    /// What a restart forgets would end an alarm about it.
    @Test func aBadBackupIsKnownAfterARestartBeforeAnythingIsListed() throws {
        try folder.add("shop-1.sql")
        let own = #"{ name: shop, backups: { location: LOCATION, match: "shop-*" }, suspend: true }"#
        let configuration = try folder.configuration(own)
        let begun = try BegunDaemon(configuration)
        begun.look()
        let backup = try #require(begun.databases["shop"]?.catalog?.newest)
        let run = try begun.store.begin("shop", backup: backup.identity, at: .now())
        try begun.store.finish(run, UnwrittenTests.report(backup, .failed, at: .now()))
        let again = try BegunDaemon(configuration, after: begun.end())
        #expect(again.databases["shop"]?.verification.knownBad == 1)
        #expect(again.databases["shop"]?.catalog == nil)
        try Tool.run("mv", [folder.directory.file("backups"), folder.directory.file("away")])
        again.look()
        #expect(again.databases["shop"]?.verification.knownBad == 1 && again.count("shop") == 1)
        try Tool.run("mkdir", [folder.directory.file("backups")])
        again.look()
        #expect(again.databases["shop"]?.verification.knownBad == 0 && again.count("shop") == 0)
        #expect(again.databases["shop"]?.verification.status == .failed)
        again.end()
    }

    /// Root may list everything: the look is made up.
    @Test func aDirectoryThatIsClosedAfterARestartIsNotEmpty() throws {
        let open = #"{ name: "{database}", backups: { location: LOCATION, match: "{database}/*.sql" }, suspend: true }"#
        try folder.add("shop/1.sql", "app/1.sql")
        let configuration = try folder.configuration(open)
        let begun = try BegunDaemon(configuration)
        begun.look()
        #expect(begun.count("shop") == 1 && begun.count("app") == 1)
        let again = try BegunDaemon(configuration, after: begun.end())
        let closed = folder.directory.file("backups/shop")
        again.conductor.see([CatalogLook(entry: "{database}", problem: nil, databases: [], closed: [closed])], 0)
        #expect(again.count("shop") == 1 && again.problem("shop") == "\(closed) can't be listed")
        #expect(again.databases["shop"]?.catalog?.isLocationUp == false)
        // What lay elsewhere was looked for, and is not there.
        #expect(again.count("app") == 0 && again.databases["app"]?.catalog?.isLocationUp == true)
        again.end()
    }

    /// Root may list everything: the listing is made up.
    @Test func aDirectoryThatCanNotBeListedIsNotEmpty() throws {
        let open = #"{ name: "{database}", backups: { location: LOCATION, match: "{database}/*.sql" }, suspend: true }"#
        try folder.add("shop/1.sql", "app/1.sql")
        let begun = try BegunDaemon(try folder.configuration(open))
        begun.look()
        var round = CatalogRound(clock: { .now() }, log: begun.conductor.log)
        round.configure(begun.conductor.configuration.databases)
        _ = round.look()
        let directory = folder.directory.file("backups/shop")
        let entry = begun.conductor.configuration.databases[0]
        var catalogs = round.catalogs["{database}"] ?? [:]
        let finding = CatalogReader.Finding(entry: entry, databases: .success([]), skipped: [directory])
        #expect(round.see(finding, &catalogs) == nil)
        #expect(catalogs.keys.sorted() == ["shop"])
        #expect(catalogs["shop"]?.facts.backups.count == 1)
        #expect(catalogs["shop"]?.facts.problem == "\(directory) can't be listed")
        begun.end()
    }

    /// Nothing was found, and not everything could be seen: that is no empty location.
    @Test(arguments: [(["/b/closed"], true), (["/b/lost+found"], false), ([], false)])
    func whatLiesInAClosedDirectoryMayBeThere(skipped: [String], isClosed: Bool) throws {
        let configuration = try folder.configuration(
            #"{ name: shop, backups: { location: LOCATION, match: "*/*.sql" } }"#)
        let begun = try BegunDaemon(configuration)
        var round = CatalogRound(clock: { .now() }, log: begun.conductor.log)
        round.configure(configuration.databases)
        let entry = configuration.databases[0]
        var catalogs: [String: Catalog] = [:]
        func see(_ candidates: [Catalog.Candidate]) -> CatalogFacts? {
            let found = CatalogReader.Candidates(database: entry, candidates: candidates)
            let finding = CatalogReader.Finding(entry: entry, databases: .success([found]), skipped: skipped)
            #expect(round.see(finding, &catalogs) == nil)
            return catalogs["shop"]?.facts
        }
        let facts = try #require(see([]))
        #expect(facts.isLocationUp == !isClosed && facts.backups.isEmpty)
        #expect(facts.problem == (isClosed ? "/b/closed can't be listed" : nil))
        // One that was seen elsewhere is known; that others can't be seen is no trouble of the location.
        let identity = BackupIdentity(path: "/b/open/1.sql", sizeBytes: 1, modified: Timestamp(seconds: 0))
        let seen = try #require(see([Catalog.Candidate(entry: LocationEntry(path: "open/1.sql", identity: identity))]))
        #expect(seen.isLocationUp && seen.backups.count == 1)
        begun.end()
    }

    @Test func anEntryThatFindsNothingIsShownItself() throws {
        let begun = try BegunDaemon(try folder.configuration(BackupFolder.entry))
        begun.look()
        #expect(begun.databases["{database}"]?.catalog?.isLocationUp == false)
        try folder.add("notes.txt")
        begun.look()
        #expect(begun.count("{database}") == 0)
        #expect(begun.databases["{database}"]?.catalog?.isLocationUp == true)
        begun.end()
    }

    @Test func whatIsRemovedFromTheConfigurationGoesAtOnce() throws {
        try folder.add("shop-1.sql", "app-1.sql")
        let own = #"{ name: app, backups: { location: LOCATION, match: "app-*.sql" } }"#
        let begun = try BegunDaemon(try folder.configuration(BackupFolder.entry))
        begun.look()
        try begun.reload.set(folder.configuration(own))
        #expect(begun.conductor.reloadConfiguration())
        #expect(begun.databases.keys.sorted() == ["app"])
        // A look that began before the configuration changed brings nothing back.
        begun.conductor.see(
            [
                CatalogLook(
                    entry: "{database}", problem: nil,
                    databases: [
                        DatabaseLook(database: "shop", facts: CatalogFacts(inProgress: 1))
                    ])
            ], 0)
        #expect(begun.databases.keys.sorted() == ["app"])
        // `app` has a name of its own now: it is not one that was discovered when it goes.
        try begun.reload.set(folder.configuration(BackupFolder.entry))
        try folder.remove("app-1.sql")
        #expect(begun.conductor.reloadConfiguration())
        begun.look()
        #expect(begun.databases.keys.sorted() == ["shop"])
        begun.end()
    }

    @Test func onlyWhatHasNoBackupsIsForgotten() throws {
        try folder.add("shop-1.sql", "app-1.sql")
        let begun = try BegunDaemon(try folder.configuration(BackupFolder.entry))
        begun.look()
        let visitor = try HistoryVisitor(path: folder.directory.file("history.sqlite"))
        func forget(_ name: String) throws -> HistoryVisitor.Answer {
            try visitor.ask(toForget: name, at: .now())
            begun.conductor.forget(try begun.store.forgetRequests())
            return try visitor.answer(of: name)
        }
        let location = folder.directory.file("backups")
        #expect(try forget("shop") == .refused(Forgetting.comesBack("shop", location)))
        try folder.remove("app-1.sql")
        begun.look()
        #expect(try forget("app") == .forgotten)
        #expect(begun.databases.keys.sorted() == ["shop"])
        #expect(try begun.store.databases().contains("app") == false)
        begun.look()
        #expect(begun.databases.keys.sorted() == ["shop"])
        // When the last one goes, its entry is shown again.
        try folder.remove("shop-1.sql")
        begun.look()
        #expect(try forget("shop") == .forgotten)
        #expect(begun.databases.keys.sorted() == ["{database}"])
        #expect(try forget("{database}") == .refused(Forgetting.configured("{database}")))
        begun.end()
    }

    /// Who asked gave up before the daemon came to it: nothing is forgotten that nobody asks for any more.
    @Test func aRequestThatWasWithdrawnForgetsNothing() throws {
        try folder.add("shop-1.sql", "app-1.sql")
        let begun = try BegunDaemon(try folder.configuration(BackupFolder.entry))
        begun.look()
        try folder.remove("app-1.sql")
        begun.look()
        let visitor = try HistoryVisitor(path: folder.directory.file("history.sqlite"))
        try visitor.ask(toForget: "app", at: .now())
        let asked = try begun.store.forgetRequests()
        #expect(asked == ["app"])
        try visitor.withdraw("app")
        begun.conductor.forget(asked)
        #expect(begun.databases.keys.sorted() == ["app", "shop"])
        #expect(try begun.store.databases().contains("app"))
        // Asked for once more, it goes.
        try visitor.ask(toForget: "app", at: .now())
        begun.conductor.forget(asked)
        #expect(begun.databases.keys.sorted() == ["shop"])
        begun.end()
    }

    /// Only so many are watched: who adds names to a location takes the place of none that is there.
    @Test func whoCameFirstIsWatchedFirst() throws {
        try folder.add("shop-1.sql", "mid-1.sql")
        let own = #"{ name: zebra, backups: { location: LOCATION, match: "zebra.sql" } }"#
        let configuration = try folder.configuration(BackupFolder.entry, own)
        let begun = try BegunDaemon(configuration)
        begun.look()
        #expect(begun.watched.names == ["zebra", "mid", "shop"])
        try folder.add("aaa-1.sql", "aab-1.sql")
        begun.look()
        #expect(begun.watched.names == ["zebra", "mid", "shop", "aaa", "aab"])
        #expect(try BegunDaemon(configuration, after: begun.end()).watched.names == begun.watched.names)
    }

    /// A database that was forgotten while production was asked stays forgotten when the answer comes.
    @Test func aSampleOfWhatIsForgottenBringsNothingBack() throws {
        try folder.add("shop-1.sql", "app-1.sql")
        let configuration = try folder.configuration(BackupFolder.entry)
        let begun = try BegunDaemon(configuration)
        begun.look()
        try folder.remove("app-1.sql")
        begun.look()
        try HistoryVisitor(path: folder.directory.file("history.sqlite")).ask(toForget: "app", at: .now())
        begun.conductor.forget(["app"])
        try begun.store.note(ProductionSample(takenAt: .now(), epoch: "e", tables: []), of: "app")
        begun.conductor.noteSample(of: "app")
        #expect(try begun.store.databases().contains("app") == false)
        #expect(try BegunDaemon(configuration, after: begun.end()).databases.keys.sorted() == ["shop"])
    }

    @Test func aThousandDatabasesAreOneListing() throws {
        let names = (1...1000).map { "db\($0)" }
        try folder.add(names.map { "\($0)/\($0)-1.sql" })
        let text = BackupFolder.entry.replacing("**/{database}-*.sql", with: "{database}/{database}-*.sql")
        let configuration = try folder.configuration(text)
        let begun = try BegunDaemon(configuration)
        begun.look()
        let facts = begun.databases
        #expect(Set(facts.keys) == Set(names))
        #expect(facts.values.allSatisfy { $0.catalog?.backups.count == 1 })
        try folder.remove("db500/db500-1.sql")
        begun.look()
        #expect(begun.count("db500") == 0 && begun.databases.count == 1000)
        let again = try BegunDaemon(configuration, after: begun.end())
        #expect(again.databases.count == 1000)
        again.end()
    }
}
