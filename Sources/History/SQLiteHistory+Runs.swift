package import Backups
import GRDB

extension SQLiteHistory: HistoryStore {
    package func begin(
        _ database: String, backup: BackupIdentity, drill: DrillFacts?, at moment: Timestamp
    ) throws -> RunID {
        try writing { connection in
            let owner = try Self.owner(database, in: connection)
            let identity = try Self.backup(backup, of: owner, in: connection)
            try connection.insert(
                into: "runs",
                [
                    "database": owner.databaseValue, "backup": identity.databaseValue, "started_at": .time(moment),
                    "target": StoredText.value(drill?.target),
                ])
            let run = connection.lastInsertedRowID
            if let drill { try DrillUpdate.write(drill, of: run, in: connection) }
            return RunID(run)
        }
    }

    /// Errors, beside those of the protocol: `internal-error` for a run that is not known (its database was forgotten
    /// meanwhile), and for one that has ended already.
    package func finish(_ run: RunID, _ report: VerificationReport) throws {
        try writing { try Self.end(run.rawValue, report, in: $0) }
    }

    package func interruptUnfinished(at moment: Timestamp) throws -> [RunID] {
        try writing { connection in
            let rows = try connection.rows(
                """
                SELECT runs.id, databases.name AS database, path, size_bytes, modified, completed_at,
                    coalesce(found_as_of, backups.data_as_of) AS as_of, started_at, target, archive
                FROM runs JOIN backups ON backups.id = runs.backup JOIN databases ON databases.id = runs.database
                    LEFT JOIN drills ON drills.run = runs.id
                WHERE finished_at IS NULL ORDER BY runs.id
                """)
            return try rows.map { row in
                let identity = try row.identity()
                var report = VerificationReport.interrupted(
                    identity, of: try row.text("database"), dataAsOf: row.optionalTime("as_of"),
                    completedAt: row.optionalTime("completed_at") ?? identity.modified,
                    startedAt: try row.time("started_at"), at: moment)
                report.drill = row.optionalText("target").map {
                    DrillFacts(target: $0, archive: row.optionalText("archive") ?? "")
                }
                let run = try row.key("id")
                try Self.end(run, report, in: connection)
                return RunID(run)
            }
        }
    }

    package func report(_ run: RunID) throws -> VerificationReport? {
        try reading { try ReportReader(database: $0, run: run.rawValue).read() }
    }

    package func runs(of database: String, kind: RunKind?, limit: Int) throws -> [RunSummary] {
        try reading { connection in
            guard let owner = try Self.knownOwner(database, in: connection) else { return [] }
            return try RunSummary.newest(of: owner, kind: kind, limit: limit, in: connection)
        }
    }

    package func runs(
        of databases: [String], kind: RunKind?, before next: RunID?, limit: Int
    ) throws -> [RunSummary] {
        try reading { try RunSummary.newest(of: databases, kind: kind, before: next, limit: limit, in: $0) }
    }

    package func lastRuns(of database: String) throws -> [BackupIdentity: RunSummary] {
        try reading { connection in
            guard let owner = try Self.knownOwner(database, in: connection) else { return [:] }
            let summaries = try RunSummary.lastOfEachBackup(of: owner, in: connection)
            return Dictionary(summaries.map { ($0.backup, $0) }) { $0.id < $1.id ? $1 : $0 }
        }
    }

    package func verificationFacts(
        of database: String, present: Set<BackupIdentity>, newest: BackupIdentity?
    ) throws -> VerificationFacts {
        try reading { try FactsReader(database: $0).read(database, present: present, newest: newest) }
    }

    package func drillRecord(of database: String) throws -> DrillRecord {
        try reading { try DrillReader(database: $0).read(database) }
    }

    private static func end(_ run: Int64, _ report: VerificationReport, in connection: Database) throws {
        let row = try connection.row(
            "SELECT database, backup, finished_at, target FROM runs WHERE id = ?", [run.databaseValue])
        guard let row else { throw LostRun(RunID(run), "run \(run) is not in the history") }
        guard row.optionalTime("finished_at") == nil else {
            throw LostRun(RunID(run), "run \(run) has ended already")
        }
        try ReportWriter(database: connection, run: run).write(report)
        // A drill says nothing of the backup by itself.
        guard row.optionalText("target") == nil else {
            return try DrillUpdate(database: connection, run: run, owner: try row.key("database")).apply(report)
        }
        try StandingUpdate(
            database: connection, run: run, owner: try row.key("database"), backup: try row.key("backup")
        ).apply(report)
    }
}
