import Backups
import Processes
import Settings
import Synchronization
import Testing

@testable import Daemon

/// Locations are listed side by side, and each has its own time.
@Suite struct SideBySideTests {
    private func entries(_ names: [String]) throws -> [DatabaseSettings] {
        try Configuration.parse(
            "databases: [" + names.map { "{name: \($0), backups: {location: /\($0)}}" }.joined(separator: ", ") + "]",
            file: "test.yml"
        ).databases
    }

    private static func listing(_ location: String, modified: Timestamp = .now()) -> LocationListing {
        let identity = BackupIdentity(path: "\(location)/a.sql", sizeBytes: 1, modified: modified)
        return LocationListing(entries: [LocationEntry(path: "a.sql", identity: identity)])
    }

    /// None of them answers before the last one is asked.
    @Test(arguments: [1, 3, 16]) func allAreAskedBeforeOneIsWaitedFor(count: Int) throws {
        let asked = Atomic<Int>(0)
        let all = SignalledOnce<Void>()
        var reader = CatalogReader(list: { location in
            if asked.add(1, ordering: .relaxed).newValue == count { all.set(()) }
            guard all.wait(for: .seconds(60)) != nil else { throw Obstacle(.unreadable, "\(location) was alone") }
            return Self.listing(location)
        })
        let names = (1...count).map { "db\($0)" }
        let findings = reader.read(try entries(names))
        #expect(findings.map(\.entry.name) == names)
        #expect(try findings.flatMap { try $0.databases.get() }.flatMap(\.candidates).count == count)
    }

    /// Many dead ones do not keep one that is well from being listed, nor are they asked again.
    @Test func deadOnesHoldUpNoOther() throws {
        let mount = SignalledOnce<Void>()
        defer { mount.set(()) }
        let asked = Atomic<Int>(0)
        var reader = CatalogReader(
            patience: .seconds(600), grace: .milliseconds(1),
            list: { location in
                if location != "/well" {
                    asked.add(1, ordering: .relaxed)
                    mount.wait()
                }
                return Self.listing(location)
            })
        let names = (1...20).map { "dead\($0)" } + ["well"]
        let deadline = ContinuousClock.now + .seconds(60)
        var found: [String] = []
        while found.isEmpty, ContinuousClock.now < deadline {
            found = reader.read(try entries(names)).map(\.entry.name)
        }
        #expect(found == ["well"])
        #expect(asked.load(ordering: .relaxed) <= 20)
    }

    private static func manifested(_ location: String, _ count: Int) -> LocationListing {
        LocationListing(
            entries: (1...count).map { number in
                let identity = BackupIdentity(
                    path: "\(location)/\(number).sql", sizeBytes: 1, modified: Timestamp(seconds: Int64(number)))
                return LocationEntry(path: "\(number).sql", identity: identity, hasManifest: true)
            })
    }

    /// Of one that is listed and whose manifests are never read, as a store that hangs: it is down, and the others go on.
    @Test func manifestsThatHangHoldUpNoOther() throws {
        let mount = SignalledOnce<Void>()
        defer { mount.set(()) }
        let read = Atomic<Int>(0)
        var reader = CatalogReader(
            patience: .milliseconds(200), grace: .milliseconds(1), list: { Self.manifested($0, 2) },
            readManifest: { backup in
                if backup.path.hasPrefix("/dead") {
                    read.add(1, ordering: .relaxed)
                    mount.wait()
                }
                return .some(ManifestTimes(dataAsOf: backup.modified))
            })
        let entries = try entries(["dead", "well"])
        let deadline = ContinuousClock.now + .seconds(60)
        var (isDown, isWell) = (false, false)
        while !(isDown && isWell), ContinuousClock.now < deadline {
            for finding in reader.read(entries) {
                switch finding.databases {
                case .success(let found):
                    #expect(finding.entry.name == "well")
                    #expect(found.flatMap(\.candidates).compactMap(\.dataAsOf?.seconds).sorted() == [1, 2])
                    isWell = true
                case .failure(let obstacle):
                    #expect(finding.entry.name == "dead" && obstacle.reason == .deadlineExceeded)
                    isDown = true
                }
            }
        }
        #expect(isDown && isWell && read.load(ordering: .relaxed) == 1)
    }

    /// Where reading them takes long, each look reads some, the newest first, and no manifest is read twice.
    @Test func manyManifestsAreReadLittleByLittle() {
        let read = Mutex<[String]>([])
        let isOut = Mutex(true)
        var times: ManifestReader.Times = [:]
        func look(_ limit: Duration = .zero) -> [Int64?] {
            times = ManifestReader(
                known: times, limit: limit,
                read: { backup in
                    read.withLock { $0.append(String(backup.path.suffix(5))) }
                    // The oldest is out of reach at first: it is asked again.
                    if backup.path == "/db/1.sql", isOut.withLock({ $0 }) { return nil }
                    return .some(backup.path == "/db/2.sql" ? nil : ManifestTimes(dataAsOf: backup.modified))
                }, isWanted: { $0.path != "5.sql" }
            ).times(in: Self.manifested("/db", 5))
            return times.sorted { $0.key.path < $1.key.path }.map { $0.value?.dataAsOf?.seconds }
        }
        #expect([look(), look(), look(), look()] == [[4], [3, 4], [nil, 3, 4], [nil, 3, 4]])
        isOut.withLock { $0 = false }
        #expect([look(), look()] == [[1, nil, 3, 4], [1, nil, 3, 4]])
        #expect(read.withLock { $0 } == ["4.sql", "3.sql", "2.sql", "1.sql", "1.sql"])
        // All at once where there is time, and what is gone is forgotten.
        times = [BackupIdentity(path: "/db/9.sql", sizeBytes: 1, modified: Timestamp(seconds: 9)): nil]
        #expect(look(.seconds(60)) == [1, nil, 3, 4])
    }

    @Test func eachHasItsOwnTime() throws {
        let now = Mutex(Timestamp(seconds: 1000))
        let isDone = SignalledOnce<Void>()
        var reader = CatalogReader(
            clock: { now.withLock { $0 } },
            list: { location in
                if location == "/slow" {
                    isDone.wait()
                    now.withLock { $0 = Timestamp(seconds: 1150) }
                } else {
                    isDone.set(())
                }
                return Self.listing(location)
            })
        let findings = reader.read(try entries(["slow"]) + entries(["well"]))
        #expect(findings.map(\.entry.name) == ["slow", "well"])
        #expect(findings[0].seen?.ended == Timestamp(seconds: 1150) && findings[1].seen != nil)
        #expect(findings[0].seen?.began == Timestamp(seconds: 1000))
        #expect(findings[1].seen?.began == Timestamp(seconds: 1000))
    }

    /// One that needs longer than a round is as it was until it has answered, and is not down.
    @Test func aSlowLocationDoesNotComeAndGo() throws {
        let (questions, answers) = (BlockingQueue<Void>(), BlockingQueue<Timestamp>())
        let reader = CatalogReader(
            patience: .seconds(600), grace: .milliseconds(1),
            list: { location in
                guard location == "/slow" else { return Self.listing(location, modified: Timestamp(seconds: 0)) }
                questions.append(())
                return Self.listing(location, modified: answers.next())
            })
        defer { answers.append(.now()) }
        var round = CatalogRound(clock: { .now() }, reader: reader, log: LogLines().logger)
        round.configure(try entries(["slow", "well"]))
        let deadline = ContinuousClock.now + .seconds(60)
        /// The facts of both, when those of `well` are there and `isSeen` holds.
        func facts(_ isSeen: ([String: CatalogFacts]) -> Bool) -> [String: CatalogFacts] {
            var facts: [String: CatalogFacts] = [:]
            repeat {
                let databases = round.look().flatMap(\.databases).map { ($0.database, $0.facts) }
                facts = Dictionary(uniqueKeysWithValues: databases)
            } while !isSeen(facts) && ContinuousClock.now < deadline
            return facts
        }
        let first = facts { $0["well"] != nil }
        #expect(first["slow"] == nil && first["well"]?.isLocationUp == true)
        for number in 1...3 {
            let written = Timestamp(seconds: Int64(number))
            _ = questions.next(for: .seconds(60))
            answers.append(written)
            let seen = facts { $0["slow"]?.newest?.identity.modified == written }
            #expect(seen["slow"]?.isLocationUp == true && seen["slow"]?.backups.count == 1)
            // It is being listed again.
            let waiting = facts { _ in questions.next(for: .zero).map { questions.append(()) } != nil }
            #expect(waiting["slow"] == seen["slow"] && waiting["well"]?.isLocationUp == true)
        }
    }

    @Test func whoAlwaysTakesLongIsGivenLonger() {
        func patience(_ took: Int64?) -> Duration {
            LocationListings.patience(.seconds(120), took: took.map { .seconds($0) })
        }
        let cases: [(took: Int64?, patience: Int64)] = [
            (nil, 120), (1, 120), (60, 120), (61, 122), (150, 300), (299, 598), (300, 600), (301, 600), (40_000, 600),
        ]
        for (took, expected) in cases { #expect(patience(took) == .seconds(expected)) }
    }

    /// What one entry found stays its own while its location does not answer.
    @Test func aNameIsNotTakenFromOneThatIsDown() throws {
        let isDown = Mutex(false)
        var reader = CatalogReader(list: { location in
            if location == "/one", isDown.withLock({ $0 }) { throw Obstacle(.unreadable, "it is down") }
            let identity = BackupIdentity(path: "\(location)/shop.sql", sizeBytes: 1, modified: .now())
            return LocationListing(entries: [LocationEntry(path: "shop.sql", identity: identity)])
        })
        let entries = try Configuration.parse(
            """
            databases:
              - { name: "{database}", backups: { location: /one, match: "{database}.sql" } }
              - { name: "s{database}", backups: { location: /two, match: "s{database}.sql" } }
            """, file: "test.yml"
        ).databases
        func found() -> [String: String] {
            reader.read(entries).reduce(into: [:]) { found, finding in
                for database in (try? finding.databases.get()) ?? [] {
                    found[database.database.name] = finding.entry.backups.location
                }
            }
        }
        #expect(found() == ["shop": "/one"])
        isDown.withLock { $0 = true }
        #expect(found() == [:])
    }
}
