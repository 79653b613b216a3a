import Backups

/// Databases of which all, something or nothing is known.
enum SampleFleet {
    static let facts = FleetFacts(
        program: ProgramFacts(version: "1.2.3", revision: "0a1b2c3", swift: "6.3"),
        configuration: ConfigurationFacts(isLastReloadSuccessful: true, loadedAt: Timestamp(seconds: 1_795_000_000)),
        collectors: [
            "postgres": CollectorFacts(isSuccessful: false, seconds: 5),
            "catalog": CollectorFacts(isSuccessful: true, seconds: 0.0125),
        ],
        databases: [shop, new, sessions])

    /// All is known.
    static let shop = DatabaseFacts(
        name: "shop", monitoredSince: Timestamp(seconds: 1_790_000_000), isSuspended: false,
        objectives: ConfiguredObjectives(
            backupEvery: .seconds(86_400), rpo: .seconds(90_000), rto: .seconds(3600), verifyEvery: .seconds(604_800),
            recoveryWindow: .seconds(604_800), walLag: .seconds(600)),
        minimumSize: 1_048_576, catalog: catalog, verification: verification, production: production,
        walArchive: walArchive)

    /// Just configured: nothing was looked at yet.
    static let new = DatabaseFacts(name: "new", kind: "physical", monitoredSince: Timestamp(seconds: 1_795_000_000))

    /// Another engine, nothing at its location, and a verdict from before.
    static let sessions: DatabaseFacts = {
        var verification = VerificationFacts()
        verification.status = .failed
        verification.statusSince = Timestamp(seconds: 1_794_100_000)
        verification.knownBad = 0
        verification.runs = [.failed: 1]
        return DatabaseFacts(
            name: "sessions", engine: "redis", monitoredSince: Timestamp(seconds: 1_794_000_000), isSuspended: true,
            catalog: CatalogFacts(), verification: verification, production: ProductionFacts(isUp: true))
    }()

    static let catalog = CatalogFacts(
        isLocationUp: true,
        backups: [
            backup("shop-1.sql.gz", size: 5_000_000, at: 1_794_800_000),
            backup("shop-2.sql.gz", size: 5_000_001, at: 1_794_886_400),
        ],
        inProgress: 1, expectedSize: 4_500_000...5_500_000.5, growth: 0.5, identicalSizes: 1,
        hasProductionChanged: true)

    static let verification: VerificationFacts = {
        var facts = VerificationFacts()
        facts.status = .verified
        facts.statusSince = Timestamp(seconds: 1_794_300_000)
        facts.proof = .manifest
        facts.knownBad = 1
        facts.lastRun = Timestamp(microseconds: 1_794_900_000_250_000)
        facts.lastSuccess = Timestamp(microseconds: 1_794_900_000_250_000)
        facts.nextRun = Timestamp(seconds: 1_795_504_800)
        facts.verifiedBackupTime = Timestamp(seconds: 1_794_886_400)
        facts.runs = [.verified: 12, .failed: 1]
        facts.isRunning = true
        facts.stageSeconds = [.rows: 1.5, .fetch: 0, .restore: 42, .integrity: 3.25]
        facts.checks = ["rows": true, "gzip": true, "freshness": false]
        facts.restored = RestoredFacts(seconds: 42.125, bytes: 50_000_000, rows: 123_456, tables: 17)
        facts.mismatchedTables = 0
        facts.freshness = Timestamp(seconds: 1_794_886_000)
        return facts
    }()

    static let production = ProductionFacts(
        isUp: true, sampledAt: Timestamp(seconds: 1_795_000_000),
        archiving: ArchivingFacts(
            lagSeconds: 0, readySegments: 0, unarchivedAgeSeconds: 12.5, unarchivedBytes: 4096, archivedSegments: 321,
            failures: 2, lastSuccess: Timestamp(seconds: 1_794_999_000),
            lastFailure: Timestamp(seconds: 1_794_000_500)),
        databaseBytes: 60_000_000, disk: DiskFacts(usedBytes: 70_000_000_000, capacityBytes: 100_000_000_000))

    static let walArchive = WALArchiveFacts(
        isUp: true, checkedAt: Timestamp(seconds: 1_795_000_000), verdict: .verified, missingSegments: 0,
        newestSegment: "00000001000000000000001A",
        window: .init(start: Timestamp(seconds: 1_794_400_000), end: Timestamp(seconds: 1_794_999_500)))

    /// Its data are of `moment`, and it took a minute.
    static func backup(_ name: String, size: UInt64, at moment: Int64) -> CatalogBackup {
        let completed = Timestamp(seconds: moment + 60)
        return CatalogBackup(
            identity: BackupIdentity(path: "/backups/\(name)", sizeBytes: size, modified: completed),
            completedAt: completed, dataAsOf: Timestamp(seconds: moment))
    }
}
