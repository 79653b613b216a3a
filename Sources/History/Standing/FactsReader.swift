import Backups
import GRDB

/// Reads the facts of verification of one database: a few statements, each along an index.
struct FactsReader {
    /// How many runs pages show.
    static let recentRuns = 20

    let database: Database

    func read(
        _ name: String, present: Set<BackupIdentity>, newest: BackupIdentity? = nil
    ) throws -> VerificationFacts {
        var facts = VerificationFacts()
        guard let row = try overview(name) else { return facts }
        let owner = try row.key("id")
        if let deciding = try DecidingBackup.find(of: owner, present, newest: newest, in: database) {
            facts.status = deciding.verdict
            facts.proof = deciding.proof
            facts.source = try deciding.source(in: database)
            // Of another backup than the one that was last drawn, the series began when that one was first judged so.
            let drawn: Verdict? = try row.optionalCode("status")
            facts.statusSince =
                try drawn == deciding.verdict ? row.optionalTime("status_since") : deciding.since(in: database)
        }
        facts.lastRun = row.optionalTime("run_at")
        facts.lastSuccess = row.optionalTime("success_at")
        for verdict in Verdict.allCases {
            let count = try row.count("\(verdict.rawValue)_runs")
            if count > 0 { facts.runs[verdict] = count }
        }
        facts.mismatchedTables = row.optionalKey("mismatched_tables").map { Int($0) }
        facts.freshness = row.optionalTime("freshness")
        facts.restored = row.optionalNumber("restore_seconds").map {
            RestoredFacts(
                seconds: $0, bytes: row.optionalCount("restore_bytes"), rows: row.optionalCount("restored_rows"),
                tables: row.optionalCount("restored_tables"))
        }
        guard let last = row.optionalKey("last_run") else { return facts }
        facts.knownBad = try knownBad(owner, present)
        facts.verifiedBackupTime = try verifiedBackupTime(owner, present)
        facts.stageSeconds = try stageSeconds(last)
        if let judged = row.optionalKey("last_judged") { facts.checks = try checks(judged) }
        facts.recent = try RunSummary.newest(of: owner, kind: .verification, limit: Self.recentRuns, in: database)
        return facts
    }

    private func overview(_ name: String) throws -> Row? {
        try database.row(
            """
            SELECT databases.*, ended.finished_at AS run_at, success.finished_at AS success_at,
                judged.mismatched_tables, judged.freshness,
                restored.restore_seconds, restored.restore_bytes, restored.restored_rows, restored.restored_tables
            FROM databases
                LEFT JOIN runs AS ended ON ended.id = databases.last_run
                LEFT JOIN runs AS success ON success.id = databases.last_success
                LEFT JOIN runs AS judged ON judged.id = databases.last_judged
                LEFT JOIN runs AS restored ON restored.id = databases.last_restored
            WHERE databases.name = ?
            """, [name.databaseValue])
    }

    private func knownBad(_ owner: Int64, _ present: Set<BackupIdentity>) throws -> Int {
        try database.rows(
            "SELECT path, size_bytes, modified FROM backups WHERE database = ? AND verdict = 'failed'",
            [owner.databaseValue]
        ).count { present.contains(try $0.identity()) }
    }

    private func verifiedBackupTime(_ owner: Int64, _ present: Set<BackupIdentity>) throws -> Timestamp? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT path, size_bytes, modified, found_as_of FROM backups WHERE database = ? AND is_proved
                ORDER BY judged_time DESC, last_run DESC
                """)
        let proved = try Row.fetchCursor(statement, arguments: [owner])
        while let row = try proved.next() {
            if present.contains(try row.identity()) { return row.optionalTime("found_as_of") }
        }
        return nil
    }

    private func stageSeconds(_ run: Int64) throws -> [Stage: Double] {
        try database.rows("SELECT stage, seconds FROM stages WHERE run = ?", [run.databaseValue])
            .reduce(into: [:]) { $0[try $1.code("stage"), default: 0] += try $1.number("seconds") }
    }

    /// Of several checks with one name, one that failed speaks for all.
    private func checks(_ run: Int64) throws -> [String: Bool] {
        try database.rows(
            "SELECT name, min(verdict = 'verified') AS held FROM checks WHERE run = ? AND verdict <> 'inconclusive' "
                + "GROUP BY name",
            [run.databaseValue]
        ).reduce(into: [:]) { $0[try $1.text("name")] = try $1.key("held") != 0 }
    }
}
