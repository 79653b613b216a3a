import Backups

/// What a run over `shop.sql` of some day may say.
enum Sample {
    static func backup(_ day: Int, bytes: UInt64 = 1000, path: String? = nil, hasTime: Bool = true) -> CatalogBackup {
        CatalogBackup(
            identity: BackupIdentity(
                path: path ?? "/var/backups/shop-\(day).sql.gz", sizeBytes: bytes, modified: .day(day, hour: 3)),
            completedAt: .day(day, hour: 3), dataAsOf: hasTime ? .day(day, hour: 2) : nil)
    }

    static func report(
        _ backup: CatalogBackup, _ verdict: Verdict, reason: Reason? = nil, proof: Proof = .itself,
        stoppedAfter: Stage? = nil, checks: [Check] = [], tables: [TableResult] = [], restore: RestoreFacts? = nil,
        at moment: Timestamp
    ) -> VerificationReport {
        VerificationReport(
            database: "shop",
            backup: BackupFacts(
                location: "/var/backups", name: backup.identity.name,
                time: DataTime(
                    manifest: nil, dumpStart: nil, named: backup.dataAsOf, completedAt: backup.completedAt)),
            conclusion: Conclusion(
                verdict: verdict, reason: reason, message: "it is \(verdict)", hint: nil,
                proof: verdict == .verified ? proof : .none, provedThrough: verdict == .verified ? .rows : nil,
                stoppedAfter: stoppedAfter, content: .proved),
            checks: checks, tables: tables, restore: restore, startedAt: Timestamp(seconds: moment.seconds - 60),
            finishedAt: moment)
    }

    static func table(_ name: String, dump: UInt64?, restored: UInt64?, proof: Proof = .itself) -> TableResult {
        TableResult(
            name: TableName(schema: "public", name: name), dumpRows: dump, restoredRows: restored, referenceRows: nil,
            proof: proof)
    }

    /// Nothing in it is empty, `nil` or a default, and its texts are as hostile as a dump can make them.
    static func filled() -> VerificationReport {
        let hostile = "a\u{0}b\n\"quoted\" 'it''s' \\ \u{1B}[31m é e\u{301} 🐘 \u{2028}"
        var backup = BackupFacts(
            location: "/var/backups/\(hostile)", name: "shop.sql.gz", format: .plainAll, compression: .zstd,
            sizeBytes: .max, sha256: SHA256Digest(hexadecimal: String(repeating: "0a", count: 32)),
            time: DataTime(
                manifest: nil, dumpStart: Timestamp(microseconds: 1_763_604_000_123_456), completedAt: .day(1)))
        backup.contentBytes = UInt64(Int64.max) + 1
        backup.dumpedFrom = "15.18"
        backup.dumpedBy = "pg_dump 18"
        let location = SourceLocation(offset: .max, line: 37)
        var report = VerificationReport(
            database: "shop", backup: backup,
            conclusion: Conclusion(
                verdict: .failed, reason: .rowsDiffer, message: hostile, hint: "hint \(hostile)", proof: .bounds,
                provedThrough: .restore, stoppedAfter: .queries, content: .proved, notes: [hostile, "", "second"]),
            stages: Stage.allCases.enumerated().map { StageTiming($1, seconds: 0.1 * Double($0), bytes: UInt64($0)) },
            checks: [
                .verified("gzip", in: .integrity, "1 member", details: [hostile, "", "more"]),
                .failed(
                    "rows", in: .rows, .rowsDiffer, hostile, hint: hostile, at: location, details: ["t: 10, 9"]),
                .inconclusive(
                    "freshness:public.\"A\"", in: .freshness, .queryError, "not asked", hint: "ask",
                    at: SourceLocation(offset: 0), details: []),
            ],
            tables: [
                TableResult(
                    name: TableName(database: "d\u{0}", schema: hostile, name: "z\"t"), dumpRows: 0, restoredRows: .max,
                    referenceRows: 7, bounds: 0...(.max), proof: .bounds),
                table("a", dump: nil, restored: nil, proof: .none),
            ],
            findings: [
                Finding(
                    statement: hostile, location: location, sqlstate: "42704", message: hostile, verdict: .failed,
                    reason: .statementFailed, hint: hostile),
                Finding(
                    statement: "SELECT 1", location: nil, sqlstate: nil, message: "m", verdict: .verified, reason: nil),
            ],
            restore: RestoreFacts(seconds: 1 / 3, profile: .durable, bytes: 978_000_000),
            rto: ObjectiveResult(objectiveSeconds: 3600, measuredSeconds: 1 / 3, basis: hostile, isProved: true),
            rpo: ObjectiveResult(
                objectiveSeconds: nil, measuredSeconds: 0.1 + 0.2, basis: "data_as_of", isProved: false),
            startedAt: Timestamp(microseconds: 1_763_697_600_000_001),
            finishedAt: Timestamp(microseconds: 1_763_697_614_999_999),
            tool: ToolFacts(restorable: "0.1.0+test", postgresql: "15.18"))
        report.freshness = Timestamp(microseconds: -1)
        return report
    }
}
