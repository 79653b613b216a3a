import Backups

/// A fleet as it looks on a bad night: one database of each kind of trouble, one that is well.
enum SampleFleet {
    static let now = Timestamp(seconds: 1_795_000_000)
    static let hostile = "<script>alert(1)</script>\"'&\u{202E}/../x"

    static func hoursAgo(_ hours: Double) -> Timestamp {
        Timestamp(microseconds: now.microseconds - Int64(hours * 3_600_000_000))
    }

    static func backup(_ name: String, hoursAgo hours: Double, size: UInt64) -> CatalogBackup {
        CatalogBackup(
            identity: BackupIdentity(path: "/backups/\(name)", sizeBytes: size, modified: hoursAgo(hours)),
            completedAt: hoursAgo(hours), dataAsOf: hoursAgo(hours + 0.1))
    }

    /// `count` nightly backups that grow, the newest two hours old.
    static func nights(_ name: String, count: Int = 14, size: UInt64 = 400 << 20) -> [CatalogBackup] {
        (0..<count).reversed().map { night in
            backup(
                "\(name)-\(count - night).sql.gz", hoursAgo: Double(night) * 24 + 2,
                size: size + UInt64(count - night) * 3_000_000)
        }
    }

    static func run(
        _ id: Int64, _ database: String, _ backup: CatalogBackup, _ verdict: Verdict, hoursAgo hours: Double,
        seconds: Double? = 190, message: String = "restored: 42 tables, 1,204,333 rows, equal to the manifest",
        hint: String? = nil, reason: Reason? = nil
    ) -> RunSummary {
        RunSummary(
            id: RunID(id), database: database, backup: backup.identity, dataAsOf: backup.dataAsOf, verdict: verdict,
            reason: reason, message: message, hint: hint, proof: verdict == .verified ? .manifest : .none,
            startedAt: hoursAgo(hours + 0.1), finishedAt: hoursAgo(hours), restoreSeconds: seconds)
    }

    static let objectives = ConfiguredObjectives(
        backupEvery: .seconds(86_400), rpo: .seconds(93_600), rto: .seconds(3600), verifyEvery: .seconds(604_800))

    /// Verified last night.
    static func well(_ name: String, firstRun: Int64 = 1) -> DatabaseFacts {
        let backups = nights(name)
        var facts = VerificationFacts()
        facts.status = .verified
        facts.statusSince = hoursAgo(24 * 40)
        facts.proof = .manifest
        facts.recent = (0..<8).map { index -> RunSummary in
            let backup: CatalogBackup = backups[backups.count - 1 - index]
            let seconds: Double = 212 - Double(index) * 4
            return run(
                firstRun + Int64(7 - index), name, backup, .verified, hoursAgo: Double(index) * 24 + 1,
                seconds: seconds)
        }
        facts.lastRun = hoursAgo(1)
        facts.lastSuccess = hoursAgo(1)
        facts.nextRun = Timestamp(microseconds: now.microseconds + 22 * 3_600_000_000)
        facts.verifiedBackupTime = backups.last?.dataAsOf
        facts.restored = RestoredFacts(seconds: 212, bytes: 3 << 30, rows: 1_204_333, tables: 42)
        return DatabaseFacts(
            name: name, monitoredSince: hoursAgo(24 * 90), objectives: objectives,
            catalog: CatalogFacts(backups: backups, expectedSize: 3.8e8...5.0e8), verification: facts)
    }

    /// Its newest backup was judged as broken; the one of three nights ago is good.
    static func failed(_ name: String, firstRun: Int64 = 100) -> DatabaseFacts {
        var database = well(name, firstRun: firstRun)
        guard let newest = database.catalog?.newest else { return database }
        database.verification.status = .failed
        database.verification.statusSince = hoursAgo(49)
        database.verification.knownBad = 1
        database.verification.recent.insert(
            run(
                firstRun + 8, name, newest, .failed, hoursAgo: 1, seconds: nil,
                message: "the gzip stream ends in the middle of a block",
                hint: "the upload was cut short: look at the log of the job that writes it", reason: .truncated),
            at: 0)
        database.verification.verifiedBackupTime = hoursAgo(74.1)
        database.verification.lastSuccess = hoursAgo(73)
        return database
    }

    static var facts: FleetFacts {
        var inconclusive = well("crm", firstRun: 200)
        inconclusive.verification.status = .inconclusive
        inconclusive.verification.statusSince = hoursAgo(5)
        inconclusive.verification.recent.insert(
            run(
                208, "crm", nights("crm")[13], .inconclusive, hoursAgo: 5, seconds: nil,
                message: "the extension postgis is not installed here", hint: "apt-get install postgresql-15-postgis",
                reason: .extensionMissing), at: 0)
        inconclusive.verification.hindrance = .cap(2)
        var lost = DatabaseFacts(
            name: "ledger", monitoredSince: hoursAgo(30), objectives: objectives, catalog: CatalogFacts())
        lost.production = ProductionFacts(
            isUp: false, problem: "connection refused", sampledAt: hoursAgo(1),
            disk: DiskFacts(usedBytes: 90 << 30, capacityBytes: 100 << 30))
        let new = DatabaseFacts(
            name: "analytics", discoveredBy: "{database}", monitoredSince: hoursAgo(3), objectives: objectives,
            catalog: CatalogFacts(backups: nights("analytics", count: 1)))
        var drilled = well("billing")
        drilled.drill = drill(.verified)
        return FleetFacts(
            collectors: ["catalog": CollectorFacts(isSuccessful: true, seconds: 0.2)],
            databases: [drilled, failed("shop"), inconclusive, lost, new, failed(hostile, firstRun: 300)])
    }

    /// One that ended three hours ago, of a database whose drills were verified before.
    static func drill(_ verdict: Verdict, id: Int64 = 700, message: String = "recovered to <b>it</b>") -> DrillRecord {
        var facts = DrillFacts(target: "2026-11-19T02:00:07Z", archive: "s3://b/wal", files: 4, bytes: 4 << 20)
        (facts.end, facts.timeline, facts.lastTransaction) = ("0/D00330", 1, hoursAgo(30))
        (facts.replaySeconds, facts.promoteSeconds) = (0.5, 0.1)
        func past(_ id: Int64, _ verdict: Verdict, hoursAgo hours: Double) -> PastDrill {
            PastDrill(
                run: RunID(id), base: "base-1", verdict: verdict, reason: verdict == .failed ? .walGap : nil,
                message: message, hint: "look at archive_command", startedAt: hoursAgo(hours + 0.1),
                finishedAt: hoursAgo(hours), recoverySeconds: 95, rpo: nil,
                rto: ObjectiveResult(objectiveSeconds: 60, measuredSeconds: 95, basis: "b", isProved: true),
                facts: facts)
        }
        var record = DrillRecord()
        record.lastVerified = past(id - 1, .verified, hoursAgo: 27)
        record.last = past(id, verdict, hoursAgo: 3)
        if verdict == .verified { record.lastVerified = record.last }
        record.deciding = record.last
        (record.status, record.statusSince, record.lastRun) = (verdict, hoursAgo(3), hoursAgo(3))
        record.lastSuccess = record.lastVerified?.finishedAt
        (record.target, record.since, record.every) = ("random", hoursAgo(24 * 90), .seconds(86_400))
        record.nextRun = Timestamp(microseconds: now.microseconds + 21 * 3_600_000_000)
        return record
    }

    static func report(of run: RunSummary) -> VerificationReport {
        let check: Check =
            switch run.verdict {
            case .verified: .verified("gzip", in: .integrity, "the checksums of 3 members are right")
            case .failed:
                .failed(
                    "gzip", in: .integrity, run.reason ?? .corrupt, run.message, hint: run.hint,
                    details: ["<b>first line</b>", "second line"])
            case .inconclusive: .inconclusive("restore", in: .restore, run.reason ?? .interrupted, run.message)
            }
        var backup = BackupFacts(
            location: "/backups", name: run.backup.name, format: .plain, sizeBytes: run.backup.sizeBytes)
        backup.dumpedFrom = "15.18"
        return VerificationReport(
            database: run.database, backup: backup,
            conclusion: Conclusion(
                verdict: run.verdict, reason: run.reason, message: run.message, hint: run.hint, proof: run.proof,
                provedThrough: run.verdict == .verified ? .rows : nil, content: .proved),
            stages: [StageTiming(.integrity, seconds: 2.5, bytes: 4 << 20), StageTiming(.restore, seconds: 190)],
            checks: [check],
            tables: [
                TableResult(
                    name: TableName(schema: "public", name: "<img src=x>"), dumpRows: 1200, restoredRows: 1199,
                    referenceRows: 1200, proof: .manifest)
            ],
            findings: [
                Finding(
                    statement: "ALTER TABLE x\n  ADD y", location: nil, sqlstate: "42P01", message: "no such relation",
                    verdict: .inconclusive, reason: .objectMissing)
            ], startedAt: run.startedAt, finishedAt: run.finishedAt)
    }
}
