import Backups
import GRDB

/// The backup that decides the status of its database.
struct DecidingBackup {
    let verdict: Verdict
    let proof: Proof
    private let id: Int64
    private let identity: BackupIdentity
    private let time: Timestamp

    private static let selection = """
        SELECT id, path, size_bytes, modified, verdict, proof, judged_time FROM backups
        """

    private init(_ row: Row) throws {
        verdict = try row.code("verdict")
        proof = try row.code("proof")
        id = try row.key("id")
        identity = try row.identity()
        time = try row.time("judged_time")
    }

    /// As ``HistoryStore/verificationFacts(of:present:newest:)`` says it; `nil` when none ever was judged.
    static func find(
        of owner: Int64, _ present: Set<BackupIdentity>, newest: BackupIdentity?, in database: Database
    ) throws -> DecidingBackup? {
        if let newest, let judged = try find(newest, of: owner, in: database) { return judged }
        let statement = try database.cachedStatement(
            sql: selection + """
                 WHERE database = ? AND last_run IS NOT NULL ORDER BY judged_time DESC, last_run DESC
                """)
        let rows = try Row.fetchCursor(statement, arguments: [owner])
        guard let first = try rows.next().map({ try DecidingBackup($0) }) else { return nil }
        guard first.verdict == .verified, !present.isEmpty, !present.contains(first.identity) else { return first }
        while let row = try rows.next() {
            if present.contains(try row.identity()) { return try DecidingBackup(row) }
        }
        return first
    }

    private static func find(
        _ identity: BackupIdentity, of owner: Int64, in database: Database
    ) throws -> DecidingBackup? {
        try database.row(
            selection + """
                 WHERE database = ? AND path = ? AND size_bytes = ? AND modified = ? AND last_run IS NOT NULL
                """,
            [
                owner.databaseValue, StoredText.value(identity.path), .count(identity.sizeBytes),
                .time(identity.modified),
            ]
        ).map { try DecidingBackup($0) }
    }

    /// What the last of its runs said that came to this verdict; `nil` when none is kept.
    func source(in database: Database) throws -> StatusSource? {
        try database.row(
            RunSummary.selection + """
                 WHERE runs.backup = ? AND runs.verdict = ? AND finished_at IS NOT NULL AND target IS NULL ORDER BY runs.id DESC LIMIT 1
                """, [id.databaseValue, .code(verdict)]
        ).map { StatusSource(try RunSummary($0), time: time) }
    }

    /// Since when its runs, as far as they are kept, have come to this verdict: when the first of them ended. Those that say
    /// the same again begin nothing.
    func since(in database: Database) throws -> Timestamp? {
        var standing: BackupStanding?
        var since: Timestamp?
        for row in try database.rows(
            """
            SELECT verdict, proof, reason, stopped_after, finished_at FROM runs LEFT JOIN reports ON run = runs.id
            WHERE backup = ? AND finished_at IS NOT NULL AND target IS NULL ORDER BY runs.id
            """, [id.databaseValue])
        {
            let reason: Reason? = try row.optionalCode("reason")
            let outcome = BackupStanding.Outcome(
                try row.code("verdict"), proof: try row.code("proof"),
                isStoppedEarly: reason == .stoppedEarly || row.optionalText("stopped_after") != nil)
            let earlier = standing?.verdict
            standing = BackupStanding.after(outcome, earlier: standing).standing
            if standing?.verdict != earlier { since = row.optionalTime("finished_at") }
        }
        return since
    }
}
