import GRDB

/// The tables of the history, and how an older file becomes a newer one.
///
/// Times are microseconds since 1970-01-01T00:00:00Z. Numbers without a sign are kept by their bits in SQLite's signed
/// integers. `ANY` stands where free text may hold a NUL: see ``StoredText``.
enum HistorySchema {
    /// Kept in the file's `user_version` (https://www.sqlite.org/fileformat2.html#user_version_number).
    static let version: Int64 = 5
    /// The first with drills.
    static let drilledVersion: Int64 = 5
    /// `RSTB`, kept in the file's `application_id`: tells this file from those of other programs.
    static let applicationID: Int64 = 0x5253_5442

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            for statement in databases + runs + reports + samples { try database.execute(sql: statement) }
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
            try database.execute(sql: "PRAGMA user_version = 1")
        }
        migrator.registerMigration("2") { database in
            for statement in bounds { try database.execute(sql: statement) }
            try database.execute(sql: "PRAGMA user_version = 2")
        }
        migrator.registerMigration("3") { database in
            for statement in discovery { try database.execute(sql: statement) }
            try database.execute(sql: "PRAGMA user_version = 3")
        }
        migrator.registerMigration("4") { database in
            for statement in presence { try database.execute(sql: statement) }
            try database.execute(sql: "PRAGMA user_version = 4")
        }
        migrator.registerMigration("5") { database in
            for statement in drills { try database.execute(sql: statement) }
            try database.execute(sql: "PRAGMA user_version = 5")
        }
        return migrator
    }

    private static let databases = [
        // `status` and the four runs are what facts are drawn from: drawn once, when a run ends, so that no fact is
        // lost when older runs are removed.
        """
        CREATE TABLE databases (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, monitored_since INTEGER,
            status TEXT, status_since INTEGER, status_proof TEXT,
            last_run INTEGER, last_success INTEGER, last_judged INTEGER, last_restored INTEGER,
            verified_runs INTEGER NOT NULL DEFAULT 0, failed_runs INTEGER NOT NULL DEFAULT 0,
            inconclusive_runs INTEGER NOT NULL DEFAULT 0
        ) STRICT
        """,
        // `completed_at`, `data_as_of` and `first_seen` are what the catalog said; the rest is what runs found.
        """
        CREATE TABLE backups (
            id INTEGER PRIMARY KEY, database INTEGER NOT NULL REFERENCES databases ON DELETE CASCADE,
            path ANY NOT NULL, size_bytes INTEGER NOT NULL, modified INTEGER NOT NULL,
            completed_at INTEGER, data_as_of INTEGER, first_seen INTEGER,
            last_run INTEGER, verdict TEXT, proof TEXT, is_proved INTEGER NOT NULL DEFAULT 0,
            found_as_of INTEGER, judged_time INTEGER,
            UNIQUE (database, path, size_bytes, modified)
        ) STRICT
        """,
        """
        CREATE INDEX backups_noted ON backups (database, coalesce(data_as_of, completed_at))
            WHERE completed_at IS NOT NULL
        """,
        "CREATE INDEX backups_judged ON backups (database, judged_time, last_run) WHERE last_run IS NOT NULL",
        "CREATE INDEX backups_proved ON backups (database, judged_time, last_run) WHERE is_proved",
        "CREATE INDEX backups_failed ON backups (database) WHERE verdict = 'failed'",
    ]

    private static let discovery = [
        // The entry of the configuration that found the database; NULL for one that has a name of its own there.
        "ALTER TABLE databases ADD COLUMN discovered_by TEXT",
        // What another process asks of the one that holds the history.
        "CREATE TABLE forgets (name TEXT PRIMARY KEY, asked_at INTEGER NOT NULL, refusal TEXT) STRICT",
    ]

    /// Which backups lay at their location when it was last listed.
    private static let presence = [
        "ALTER TABLE backups ADD COLUMN is_present INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX backups_present ON backups (database) WHERE is_present",
    ]

    /// Recoveries that were tried out. Of a run that is none, `target` is NULL.
    private static let drills = [
        "ALTER TABLE runs ADD COLUMN target ANY",
        "CREATE INDEX runs_drilled ON runs (database, id) WHERE target IS NOT NULL",
        """
        CREATE TABLE drills (
            run INTEGER PRIMARY KEY REFERENCES runs ON DELETE CASCADE, archive ANY NOT NULL,
            end_position TEXT, timeline INTEGER, last_transaction INTEGER,
            files INTEGER NOT NULL, bytes INTEGER NOT NULL, replay_seconds REAL, promote_seconds REAL
        ) STRICT
        """,
        // As `status` and its runs: drawn once, when a drill ends.
        "ALTER TABLE databases ADD COLUMN drilled_since INTEGER",
        "ALTER TABLE databases ADD COLUMN drill_status TEXT",
        "ALTER TABLE databases ADD COLUMN drill_status_since INTEGER",
        "ALTER TABLE databases ADD COLUMN last_drill INTEGER",
        "ALTER TABLE databases ADD COLUMN last_drill_success INTEGER",
        "ALTER TABLE databases ADD COLUMN deciding_drill INTEGER",
        "ALTER TABLE databases ADD COLUMN verified_drills INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE databases ADD COLUMN failed_drills INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE databases ADD COLUMN inconclusive_drills INTEGER NOT NULL DEFAULT 0",
    ]

    private static let runs = [
        """
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            database INTEGER NOT NULL REFERENCES databases ON DELETE CASCADE,
            backup INTEGER NOT NULL REFERENCES backups ON DELETE CASCADE,
            started_at INTEGER NOT NULL, finished_at INTEGER,
            verdict TEXT, reason TEXT, message ANY, hint ANY, proof TEXT, data_as_of INTEGER,
            restore_seconds REAL, restore_bytes INTEGER, restored_rows INTEGER, restored_tables INTEGER,
            mismatched_tables INTEGER, freshness INTEGER
        ) STRICT
        """,
        "CREATE INDEX runs_finished ON runs (database, id) WHERE finished_at IS NOT NULL",
        "CREATE INDEX runs_unfinished ON runs (id) WHERE finished_at IS NULL",
        "CREATE INDEX runs_of_backup ON runs (backup)",
        "CREATE INDEX runs_by_age ON runs (finished_at)",
    ]

    private static let reports = [
        // What only whole reports show, apart from what summaries and facts read.
        """
        CREATE TABLE reports (
            run INTEGER PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
            database ANY, location ANY NOT NULL, name ANY NOT NULL, format TEXT, compression TEXT,
            size_bytes INTEGER, sha256 TEXT, data_source TEXT, completed_at INTEGER, content_bytes INTEGER,
            dumped_from ANY, dumped_by ANY,
            proved_through TEXT, stopped_after TEXT, content TEXT NOT NULL, notes TEXT NOT NULL,
            restore_profile TEXT, rto TEXT, rpo TEXT, restorable ANY NOT NULL, postgresql ANY
        ) STRICT
        """,
        """
        CREATE TABLE stages (
            run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, position INTEGER NOT NULL,
            stage TEXT NOT NULL, seconds REAL NOT NULL, bytes INTEGER, PRIMARY KEY (run, position)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE checks (
            run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, position INTEGER NOT NULL,
            name ANY NOT NULL, stage TEXT NOT NULL, verdict TEXT NOT NULL, reason TEXT, message ANY NOT NULL, hint ANY,
            content_offset INTEGER, content_line INTEGER, details TEXT NOT NULL, PRIMARY KEY (run, position)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE tables (
            run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, position INTEGER NOT NULL,
            database ANY, schema ANY NOT NULL, name ANY NOT NULL,
            dump_rows INTEGER, restored_rows INTEGER, reference_rows INTEGER, proof TEXT NOT NULL,
            PRIMARY KEY (run, position)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE findings (
            run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, position INTEGER NOT NULL,
            statement ANY NOT NULL, content_offset INTEGER, content_line INTEGER, sqlstate TEXT, message ANY NOT NULL,
            verdict TEXT NOT NULL, reason TEXT, hint ANY, PRIMARY KEY (run, position)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    private static let samples = [
        """
        CREATE TABLE relations (
            id INTEGER PRIMARY KEY, database INTEGER NOT NULL REFERENCES databases ON DELETE CASCADE,
            schema ANY NOT NULL, name ANY NOT NULL, UNIQUE (database, schema, name)
        ) STRICT
        """,
        // Samples that saw nothing change share their counters.
        """
        CREATE TABLE counters (
            id INTEGER PRIMARY KEY, database INTEGER NOT NULL REFERENCES databases ON DELETE CASCADE,
            epoch ANY NOT NULL, tables BLOB NOT NULL
        ) STRICT
        """,
        "CREATE INDEX counters_of_database ON counters (database)",
        """
        CREATE TABLE samples (
            id INTEGER PRIMARY KEY, database INTEGER NOT NULL REFERENCES databases ON DELETE CASCADE,
            taken_at INTEGER NOT NULL, counters INTEGER NOT NULL REFERENCES counters ON DELETE CASCADE
        ) STRICT
        """,
        "CREATE INDEX samples_in_order ON samples (database, taken_at)",
        "CREATE INDEX samples_by_age ON samples (taken_at)",
        "CREATE INDEX samples_of_counters ON samples (counters)",
    ]

    /// What production's counters bound. Samples in the older encoding are dropped: nothing took any.
    private static let bounds = [
        // No deletion cascades while a history is migrated.
        "DELETE FROM samples",
        "DELETE FROM counters",
        "ALTER TABLE counters ADD COLUMN circumstances ANY",
        "ALTER TABLE tables ADD COLUMN bounds_lower INTEGER",
        "ALTER TABLE tables ADD COLUMN bounds_upper INTEGER",
    ]
}
