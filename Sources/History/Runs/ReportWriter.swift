import Backups
import GRDB

/// Writes how a run ended: all of its report, and what summaries and facts read of it.
struct ReportWriter {
    let database: Database
    let run: Int64

    func write(_ report: VerificationReport) throws {
        try writeSummary(report)
        try writeWhole(report)
        try writeStages(report.stages)
        try writeChecks(report.checks)
        try writeTables(report.tables)
        try writeFindings(report.findings)
    }

    private func writeSummary(_ report: VerificationReport) throws {
        let counted = TableTotals(report)
        let conclusion = report.conclusion
        try database.update(
            "runs", id: run,
            [
                "started_at": .time(report.startedAt), "finished_at": .time(report.finishedAt),
                "verdict": .code(conclusion.verdict), "reason": .code(conclusion.reason),
                "message": StoredText.value(conclusion.message), "hint": StoredText.value(conclusion.hint),
                "proof": .code(conclusion.proof), "data_as_of": .time(report.backup.time.asOf),
                "restore_seconds": .number(report.restore?.seconds), "restore_bytes": .count(report.restore?.bytes),
                "restored_rows": .count(counted.restoredRows), "restored_tables": .count(counted.restoredTables),
                "mismatched_tables": .key(counted.mismatched.map { Int64($0) }), "freshness": .time(report.freshness),
            ])
    }

    private func writeWhole(_ report: VerificationReport) throws {
        let (backup, conclusion) = (report.backup, report.conclusion)
        try database.insert(
            into: "reports",
            [
                "run": run.databaseValue, "database": StoredText.value(report.database),
                "location": StoredText.value(backup.location), "name": StoredText.value(backup.name),
                "format": .code(backup.format), "compression": .code(backup.compression),
                "size_bytes": .count(backup.sizeBytes), "sha256": StoredText.value(backup.sha256?.description),
                "data_source": .code(backup.time.source), "completed_at": .time(backup.time.completedAt),
                "content_bytes": .count(backup.contentBytes), "dumped_from": StoredText.value(backup.dumpedFrom),
                "dumped_by": StoredText.value(backup.dumpedBy), "proved_through": .code(conclusion.provedThrough),
                "stopped_after": .code(conclusion.stoppedAfter), "content": .code(conclusion.content),
                "notes": try StoredJSON.value(conclusion.notes), "restore_profile": .code(report.restore?.profile),
                "rto": try objective(report.rto), "rpo": try objective(report.rpo),
                "restorable": StoredText.value(report.tool.restorable),
                "postgresql": StoredText.value(report.tool.postgresql),
            ])
    }

    private func objective(_ result: ObjectiveResult?) throws -> DatabaseValue {
        try result.map { try StoredJSON.value(StoredObjective($0)) } ?? .null
    }

    private func writeStages(_ stages: [StageTiming]) throws {
        for (position, timing) in stages.enumerated() {
            try database.insert(
                into: "stages",
                [
                    "run": run.databaseValue, "position": position.databaseValue, "stage": .code(timing.stage),
                    "seconds": .number(timing.seconds), "bytes": .count(timing.bytes),
                ])
        }
    }

    private func writeChecks(_ checks: [Check]) throws {
        for (position, check) in checks.enumerated() {
            try database.insert(
                into: "checks",
                [
                    "run": run.databaseValue, "position": position.databaseValue,
                    "name": StoredText.value(check.name), "stage": .code(check.stage),
                    "verdict": .code(check.verdict), "reason": .code(check.reason),
                    "message": StoredText.value(check.message), "hint": StoredText.value(check.hint),
                    "content_offset": .count(check.location?.offset), "content_line": .count(check.location?.line),
                    "details": try StoredJSON.value(check.details),
                ])
        }
    }

    private func writeTables(_ tables: [TableResult]) throws {
        for (position, table) in tables.enumerated() {
            try database.insert(
                into: "tables",
                [
                    "run": run.databaseValue, "position": position.databaseValue,
                    "database": StoredText.value(table.name.database), "schema": StoredText.value(table.name.schema),
                    "name": StoredText.value(table.name.name), "dump_rows": .count(table.dumpRows),
                    "restored_rows": .count(table.restoredRows), "reference_rows": .count(table.referenceRows),
                    "proof": .code(table.proof), "bounds_lower": .count(table.bounds?.lowerBound),
                    "bounds_upper": .count(table.bounds?.upperBound),
                ])
        }
    }

    private func writeFindings(_ findings: [Finding]) throws {
        for (position, finding) in findings.enumerated() {
            try database.insert(
                into: "findings",
                [
                    "run": run.databaseValue, "position": position.databaseValue,
                    "statement": StoredText.value(finding.statement),
                    "content_offset": .count(finding.location?.offset), "content_line": .count(finding.location?.line),
                    "sqlstate": StoredText.value(finding.sqlstate), "message": StoredText.value(finding.message),
                    "verdict": .code(finding.verdict), "reason": .code(finding.reason),
                    "hint": StoredText.value(finding.hint),
                ])
        }
    }
}
