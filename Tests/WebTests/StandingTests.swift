import Backups
import Foundation
import Testing

@testable import Web

@Suite struct StandingTests {
    private static let now = SampleFleet.now
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")

    @Test func aVerifiedDatabaseHasNothingToSay() {
        let standing = Standing(SampleFleet.well("shop"), now: Self.now)
        #expect(standing.concerns == [])
        #expect(standing.level == .well)
        #expect(standing.loss?.isProved == true)
        #expect(standing.loss.map { Int($0.seconds) } == 7560)
    }

    @Test func aFailedBackupSendsOneBackToTheLastGoodOne() {
        let standing = Standing(SampleFleet.failed("shop"), now: Self.now)
        #expect(standing.concerns.map(\.code) == ["verification-failed", "recovery-point"])
        #expect(standing.concerns[0].detail == "the gzip stream ends in the middle of a block")
        #expect(standing.concerns[0].run == RunID(108))
        #expect(standing.loss?.backTo == SampleFleet.hoursAgo(74.1))
    }

    /// Each fault alone, on a database that is well without it.
    private static let faults: [(String, Level, @Sendable (inout DatabaseFacts) -> Void)] = [
        ("no-backup", .failed, { $0.catalog?.backups = [] }),
        ("location-down", .attention, { $0.catalog?.isLocationUp = false }),
        ("not-listed", .waiting, { $0.catalog = nil }),
        ("inconclusive", .attention, { $0.verification.status = .inconclusive }),
        ("never-verified", .waiting, { $0.verification.status = nil }),
        ("suspended", .waiting, { $0.isSuspended = true }),
        ("verification-stale", .attention, { $0.verification.lastSuccess = SampleFleet.hoursAgo(24 * 15) }),
        ("known-bad", .attention, { $0.verification.knownBad = 2 }),
        ("restore-too-slow", .attention, { $0.verification.restored?.seconds = 3601 }),
        ("recovery-point", .attention, { $0.objectives.rpo = .seconds(7000) }),
        ("overdue", .attention, { $0.objectives.backupEvery = .seconds(5000) }),
        ("too-small", .attention, { $0.minimumSize = 1 << 40 }),
        ("odd-size", .attention, { $0.catalog?.expectedSize = 1...2 }),
        (
            "not-growing", .attention,
            {
                $0.catalog?.identicalSizes = 3
                $0.catalog?.hasProductionChanged = true
            }
        ),
        ("production-down", .attention, { $0.production = ProductionFacts(isUp: false) }),
        (
            "wal-lag", .attention,
            {
                $0.objectives.walLag = .seconds(600)
                $0.production = ProductionFacts(isUp: true, archiving: ArchivingFacts(lagSeconds: 601))
            }
        ),
        (
            "wal-archiver", .attention,
            {
                $0.production = ProductionFacts(
                    isUp: true,
                    archiving: ArchivingFacts(
                        lastSuccess: SampleFleet.hoursAgo(2), lastFailure: SampleFleet.hoursAgo(1)))
            }
        ),
        (
            "disk-full", .attention,
            { $0.production = ProductionFacts(isUp: true, disk: DiskFacts(usedBytes: 86, capacityBytes: 100)) }
        ),
        (
            "wal-archive-down", .attention,
            { $0.walArchive = WALArchiveFacts(isUp: false, problem: "no such directory") }
        ),
        ("wal-not-listed", .waiting, { $0.awaitsWALArchive = true }),
        (
            "wal-gap", .failed,
            { $0.walArchive = WALArchiveFacts(isUp: true, verdict: .failed, message: "1 segment", missingSegments: 1) }
        ),
        (
            "wal-gap", .failed,
            { $0.walArchive = WALArchiveFacts(isUp: true, verdict: .failed, reason: .walGap, message: "1 segment") }
        ),
        (
            "wal-foreign", .failed,
            { $0.walArchive = WALArchiveFacts(isUp: true, verdict: .failed, reason: .walForeign, message: "another") }
        ),
        (
            "wal-damaged", .failed,
            { $0.walArchive = WALArchiveFacts(isUp: true, verdict: .failed, reason: .truncated, message: "it is cut") }
        ),
        (
            "wal-unproved", .attention,
            { $0.walArchive = WALArchiveFacts(isUp: true, verdict: .inconclusive, message: "no base backup") }
        ),
        (
            "window-too-short", .attention,
            {
                $0.objectives.recoveryWindow = .seconds(86_400)
                $0.monitoredSince = SampleFleet.hoursAgo(100)
                $0.walArchive = WALArchiveFacts(
                    isUp: true, verdict: .verified, window: .init(start: SampleFleet.hoursAgo(23)))
            }
        ),
    ]

    @Test(arguments: faults.indices)
    func eachFaultIsToldAlone(index: Int) {
        let (code, level, damage) = Self.faults[index]
        var database = SampleFleet.well("shop")
        damage(&database)
        let standing = Standing(database, now: Self.now)
        #expect(standing.concerns.map(\.code) == [code])
        #expect(standing.level == level)
    }

    /// How far the log goes beyond the newest backup nobody knows yet: an age of that backup is no loss.
    @Test func nothingIsLostByAnArchiveThatWasNotSeenYet() throws {
        var database = SampleFleet.well("shop")
        database.objectives.rpo = .seconds(900)
        #expect(Standing(database, now: Self.now).concerns.map(\.code) == ["recovery-point"])
        database.awaitsWALArchive = true
        #expect(Standing(database, now: Self.now).loss == nil)
        #expect(Standing(database, now: Self.now).concerns.map(\.code) == ["wal-not-listed"])
        database.walArchive = WALArchiveFacts(isUp: false, problem: "no such directory")
        #expect(Standing(database, now: Self.now).concerns.map(\.code) == ["wal-archive-down"])
        let object = DatabaseJSON(database, now: Self.now).value.text
        #expect(
            object.contains(#""data_at_risk_seconds":null"#) && object.contains(#""recoverable_until":null"#),
            "\(object)")
        // It was seen, and nothing newer is in it: now it is known.
        database.awaitsWALArchive = false
        #expect(
            Standing(database, now: Self.now).concerns.map(\.code) == ["recovery-point", "wal-archive-down"])
    }

    /// The page and the alert BackupOverdue agree on when a backup is overdue, and both pass over a location that is down.
    @Test(arguments: [(3600.0, 4500.0), (86_400, 108_000), (60, 960)])
    func aBackupIsOverdueWhenTheAlertSaysSo(every: Double, most: Double) throws {
        let rules = try String(contentsOf: Self.root.appending(path: "alerts/restorable.rules.yml"), encoding: .utf8)
        let rule = try #require(
            rules.firstRange(of: "alert: BackupOverdue").map { rules[$0.upperBound...].prefix(400) })
        let grace = try #require(
            rule.firstMatch(
                of:
                    /backup_interval_objective_seconds \+ clamp_min\(backup_interval_objective_seconds \* ([0-9.]+), ([0-9]+)\)/
            ))
        let alert = every + max(every * (Double(grace.1) ?? 0), Double(grace.2) ?? 0)
        #expect(alert == most && ConfiguredObjectives(backupEvery: .seconds(every)).oldestBackup == most)
        #expect(rule.contains("unless backup_location_up == 0"))
        for (age, isUp, expected) in [(most - 1, true, false), (most + 1, true, true), (most + 1, false, false)] {
            var database = SampleFleet.well("shop")
            database.objectives = ConfiguredObjectives(backupEvery: .seconds(every))
            database.catalog?.backups = [SampleFleet.backup("a.sql", hoursAgo: age / 3600, size: 7)]
            database.catalog?.expectedSize = nil
            database.catalog?.isLocationUp = isUp
            #expect(Standing(database, now: Self.now).concerns.contains { $0.code == "overdue" } == expected)
        }
    }

    /// Only a name that no shell reads anything into stands in the command.
    @Test(arguments: [("shop", "forget shop"), ("a b", "forget NAME"), ("-x", "forget NAME"), ("$(id)", "forget NAME")])
    func aDiscoveredDatabaseWithoutBackupsWaitsToBeForgotten(name: String, command: String) throws {
        var database = SampleFleet.well(name)
        database.discoveredBy = "{database}"
        #expect(!database.hasVanished)
        database.catalog?.backups = []
        #expect(database.hasVanished)
        let concern = try #require(Standing(database, now: Self.now).concerns.first)
        #expect(concern.code == "no-backup")
        #expect(concern.title == "All its backups are gone")
        #expect(concern.hint?.hasSuffix(command) == true)
        // What can't be listed, or is being written, has not vanished.
        database.catalog?.inProgress = 1
        #expect(!database.hasVanished)
        database.catalog?.inProgress = 0
        database.catalog?.isLocationUp = false
        #expect(!database.hasVanished)
    }

    /// Neither its name nor a manifest tells of what moment it is, as with the smallest configuration.
    @Test func aVerifiedBackupWithoutADataTimeIsProvedAndThere() throws {
        var database = SampleFleet.well("shop")
        let backups = try #require(database.catalog?.backups)
        database.catalog?.backups = backups.map {
            CatalogBackup(identity: $0.identity, completedAt: $0.completedAt, dataAsOf: nil)
        }
        database.verification.verifiedBackupTime = nil
        let standing = Standing(database, now: Self.now)
        #expect(standing.loss?.isProved == true)
        #expect(standing.loss?.isLowerBound == true)
        #expect(FactList(standing: standing).text.contains("of shop-14.sql.gz"))

        // One goes back to it when the next one is bad.
        database.verification.status = .failed
        let identity = BackupIdentity(path: "/backups/bad.sql", sizeBytes: 1, modified: SampleFleet.hoursAgo(1))
        database.catalog?.backups.append(CatalogBackup(identity: identity, completedAt: SampleFleet.hoursAgo(1)))
        let loss = try #require(Standing(database, now: Self.now).loss)
        #expect(loss == .init(seconds: 7200, backTo: SampleFleet.hoursAgo(2), isProved: true, isLowerBound: true))

        database.verification.status = .verified
        database.catalog?.backups = [CatalogBackup(identity: identity, completedAt: SampleFleet.hoursAgo(1))]
        let gone = Standing(database, now: Self.now)
        #expect(gone.loss?.isProved == false)
        #expect(FactList(standing: gone).text.contains("of a backup that is not there any more"))
    }

    @Test func whatWasNeverThereIsToldOnce() {
        var database = SampleFleet.well("shop")
        database.catalog?.backups = []
        database.verification.status = nil
        #expect(Standing(database, now: Self.now).concerns.map(\.code) == ["no-backup"])
    }

    @Test func whatIsHealthyButLooksOddIsNotTold() {
        var database = SampleFleet.well("shop")
        database.catalog?.identicalSizes = 9
        database.catalog?.hasProductionChanged = false
        database.verification.lastSuccess = SampleFleet.hoursAgo(24 * 13)
        database.production = ProductionFacts(
            isUp: true,
            archiving: ArchivingFacts(
                lagSeconds: 0, lastSuccess: SampleFleet.hoursAgo(1), lastFailure: SampleFleet.hoursAgo(2)),
            disk: DiskFacts(usedBytes: 80, capacityBytes: 100))
        #expect(Standing(database, now: Self.now).concerns == [])
    }

    @Test func theHeadlineTellsTheWorst() {
        #expect(StatusPage.headline([.well, .failed, .attention]).text == "1 database of 3 would not come back")
        #expect(StatusPage.headline([.well, .attention, .attention]).text == "2 databases of 3 need attention")
        #expect(StatusPage.headline([.waiting]).text == "1 database of 1 not proved yet")
        #expect(StatusPage.headline([.well, .well]).text == "All 2 databases would come back")
        #expect(StatusPage.headline([]).level == .waiting)
    }
}
