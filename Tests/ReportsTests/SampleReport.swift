import Backups

/// Reports as a run would make them, for golden files.
enum SampleReport {
    static func verified() -> VerificationReport {
        var backup = BackupFacts(
            location: "/var/backups", name: "shop.sql.gz", format: .plain, compression: .gzip, sizeBytes: 186_000_000,
            sha256: SHA256Digest(hexadecimal: String(repeating: "0a", count: 32)),
            time: DataTime(
                manifest: Timestamp("2026-11-20T02:00:00Z"), dumpStart: nil,
                completedAt: Timestamp("2026-11-20T02:00:07Z")))
        backup.contentBytes = 978_000_000
        backup.dumpedFrom = "15.18"
        return VerificationReport(
            database: "shop", backup: backup,
            conclusion: Conclusion(
                verdict: .verified, reason: nil,
                message: "restored: 2 tables, 1,204,333 rows, equal to the manifest", hint: nil,
                proof: .manifest, provedThrough: .rows, content: .proved),
            stages: [
                StageTiming(.integrity, seconds: 1.2, bytes: 186_000_000),
                StageTiming(.restore, seconds: 12.25, bytes: 978_000_000), StageTiming(.rows, seconds: 0.25),
            ],
            checks: [
                .verified("gzip", in: .integrity, "1 member, CRC and length hold"),
                .verified("trailer", in: .integrity, "the dump ends as pg_dump ends it"),
                .verified("load", in: .restore, "42 statements, none failed"),
                .verified("rows", in: .rows, "2 tables hold as many rows as the dump and the manifest"),
            ],
            tables: [
                TableResult(
                    name: TableName(schema: "public", name: "orders"), dumpRows: 1_200_000, restoredRows: 1_200_000,
                    referenceRows: 1_200_000, proof: .manifest),
                TableResult(
                    name: TableName(schema: "public", name: "users"), dumpRows: 4333, restoredRows: 4333,
                    referenceRows: 4333, proof: .manifest),
            ],
            restore: RestoreFacts(seconds: 12.25, profile: .fast, bytes: 978_000_000),
            rto: ObjectiveResult(
                objectiveSeconds: 3600, measuredSeconds: 12.25, basis: "fast scratch: a lower bound", isProved: true),
            rpo: ObjectiveResult(
                objectiveSeconds: 86_400, measuredSeconds: 93_600, basis: "data_as_of", isProved: true),
            startedAt: Timestamp("2026-11-21T04:00:00Z") ?? Timestamp(seconds: 0),
            finishedAt: Timestamp("2026-11-21T04:00:14Z") ?? Timestamp(seconds: 0),
            tool: ToolFacts(restorable: "0.1.0", postgresql: "15.18"))
    }

    static func failed() -> VerificationReport {
        VerificationReport(
            backup: BackupFacts(
                location: "/var/backups", name: "<b>evil\u{1B}[31m</b>.sql", format: .plain,
                compression: Compression.none),
            conclusion: Conclusion(
                verdict: .failed, reason: .statementFailed, message: "1 statement failed",
                hint: "make the backup again",
                proof: .itself, provedThrough: .integrity, content: .unproved, notes: ["the content is unproved"]),
            stages: [StageTiming(.integrity, seconds: 0.004)],
            checks: [
                .verified("trailer", in: .integrity, "the dump ends as pg_dump ends it"),
                .failed(
                    "load", in: .restore, .statementFailed, "1 statement failed", hint: "make the backup again",
                    at: SourceLocation(offset: 812, line: 37), details: ["first\nsecond", "<script>alert(1)</script>"]),
                .inconclusive("freshness:public.t", in: .freshness, .queryError, "not asked"),
            ],
            tables: [
                TableResult(
                    name: TableName(schema: "public", name: "<script>alert(1)</script>"), dumpRows: 10, restoredRows: 9,
                    referenceRows: nil, proof: .none)
            ],
            findings: [
                Finding(
                    statement: "CREATE TABLE x (\n\"a&b\" text)", location: SourceLocation(offset: 812, line: 37),
                    sqlstate: "42704", message: "type \"hstore\" does not exist", verdict: .failed,
                    reason: .statementFailed)
            ],
            startedAt: Timestamp(seconds: 0), finishedAt: Timestamp(seconds: 1),
            tool: ToolFacts(restorable: "0.1.0"))
    }
}
