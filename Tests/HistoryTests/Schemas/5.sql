-- A history as version 4 of the schema had it, with some of everything in it. Never changed: it is what was.
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
CREATE TABLE databases ( id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, monitored_since INTEGER, status TEXT,
    status_since INTEGER, status_proof TEXT, last_run INTEGER, last_success INTEGER, last_judged INTEGER,
    last_restored INTEGER, verified_runs INTEGER NOT NULL DEFAULT 0, failed_runs INTEGER NOT NULL DEFAULT 0,
    inconclusive_runs INTEGER NOT NULL DEFAULT 0 ) STRICT;
CREATE TABLE backups ( id INTEGER PRIMARY KEY, database INTEGER NOT NULL REFERENCES databases ON DELETE CASCADE,
    path ANY NOT NULL, size_bytes INTEGER NOT NULL, modified INTEGER NOT NULL, completed_at INTEGER, data_as_of
    INTEGER, first_seen INTEGER, last_run INTEGER, verdict TEXT, proof TEXT, is_proved INTEGER NOT NULL DEFAULT 0,
    found_as_of INTEGER, judged_time INTEGER, UNIQUE (database, path, size_bytes, modified) ) STRICT;
CREATE INDEX backups_noted ON backups (database, coalesce(data_as_of, completed_at)) WHERE completed_at IS NOT NULL;
CREATE INDEX backups_judged ON backups (database, judged_time, last_run) WHERE last_run IS NOT NULL;
CREATE INDEX backups_proved ON backups (database, judged_time, last_run) WHERE is_proved;
CREATE INDEX backups_failed ON backups (database) WHERE verdict = 'failed';
CREATE TABLE runs ( id INTEGER PRIMARY KEY AUTOINCREMENT, database INTEGER NOT NULL REFERENCES databases ON DELETE
    CASCADE, backup INTEGER NOT NULL REFERENCES backups ON DELETE CASCADE, started_at INTEGER NOT NULL, finished_at
    INTEGER, verdict TEXT, reason TEXT, message ANY, hint ANY, proof TEXT, data_as_of INTEGER, restore_seconds REAL,
    restore_bytes INTEGER, restored_rows INTEGER, restored_tables INTEGER, mismatched_tables INTEGER, freshness
    INTEGER ) STRICT;
CREATE INDEX runs_finished ON runs (database, id) WHERE finished_at IS NOT NULL;
CREATE INDEX runs_unfinished ON runs (id) WHERE finished_at IS NULL;
CREATE INDEX runs_of_backup ON runs (backup);
CREATE INDEX runs_by_age ON runs (finished_at);
CREATE TABLE reports ( run INTEGER PRIMARY KEY REFERENCES runs ON DELETE CASCADE, database ANY, location ANY NOT
    NULL, name ANY NOT NULL, format TEXT, compression TEXT, size_bytes INTEGER, sha256 TEXT, data_source TEXT,
    completed_at INTEGER, content_bytes INTEGER, dumped_from ANY, dumped_by ANY, proved_through TEXT, stopped_after
    TEXT, content TEXT NOT NULL, notes TEXT NOT NULL, restore_profile TEXT, rto TEXT, rpo TEXT, restorable ANY NOT
    NULL, postgresql ANY ) STRICT;
CREATE TABLE stages ( run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, position INTEGER NOT NULL, stage TEXT
    NOT NULL, seconds REAL NOT NULL, bytes INTEGER, PRIMARY KEY (run, position) ) STRICT, WITHOUT ROWID;
CREATE TABLE checks ( run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, position INTEGER NOT NULL, name ANY
    NOT NULL, stage TEXT NOT NULL, verdict TEXT NOT NULL, reason TEXT, message ANY NOT NULL, hint ANY,
    content_offset INTEGER, content_line INTEGER, details TEXT NOT NULL, PRIMARY KEY (run, position) ) STRICT,
    WITHOUT ROWID;
CREATE TABLE tables ( run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, position INTEGER NOT NULL, database
    ANY, schema ANY NOT NULL, name ANY NOT NULL, dump_rows INTEGER, restored_rows INTEGER, reference_rows INTEGER,
    proof TEXT NOT NULL, PRIMARY KEY (run, position) ) STRICT, WITHOUT ROWID;
CREATE TABLE findings ( run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, position INTEGER NOT NULL, statement
    ANY NOT NULL, content_offset INTEGER, content_line INTEGER, sqlstate TEXT, message ANY NOT NULL, verdict TEXT
    NOT NULL, reason TEXT, hint ANY, PRIMARY KEY (run, position) ) STRICT, WITHOUT ROWID;
CREATE TABLE relations ( id INTEGER PRIMARY KEY, database INTEGER NOT NULL REFERENCES databases ON DELETE CASCADE,
    schema ANY NOT NULL, name ANY NOT NULL, UNIQUE (database, schema, name) ) STRICT;
CREATE TABLE counters ( id INTEGER PRIMARY KEY, database INTEGER NOT NULL REFERENCES databases ON DELETE CASCADE,
    epoch ANY NOT NULL, tables BLOB NOT NULL ) STRICT;
CREATE INDEX counters_of_database ON counters (database);
CREATE TABLE samples ( id INTEGER PRIMARY KEY, database INTEGER NOT NULL REFERENCES databases ON DELETE CASCADE,
    taken_at INTEGER NOT NULL, counters INTEGER NOT NULL REFERENCES counters ON DELETE CASCADE ) STRICT;
CREATE INDEX samples_in_order ON samples (database, taken_at);
CREATE INDEX samples_by_age ON samples (taken_at);
CREATE INDEX samples_of_counters ON samples (counters);
INSERT INTO grdb_migrations VALUES ('1');
DELETE FROM samples;
DELETE FROM counters;
ALTER TABLE counters ADD COLUMN circumstances ANY;
ALTER TABLE tables ADD COLUMN bounds_lower INTEGER;
ALTER TABLE tables ADD COLUMN bounds_upper INTEGER;
INSERT INTO grdb_migrations VALUES ('2');
ALTER TABLE databases ADD COLUMN discovered_by TEXT;
CREATE TABLE forgets (name TEXT PRIMARY KEY, asked_at INTEGER NOT NULL, refusal TEXT) STRICT;
INSERT INTO grdb_migrations VALUES ('3');
ALTER TABLE backups ADD COLUMN is_present INTEGER NOT NULL DEFAULT 0;
CREATE INDEX backups_present ON backups (database) WHERE is_present;
INSERT INTO grdb_migrations VALUES ('4');
ALTER TABLE runs ADD COLUMN target ANY;
CREATE INDEX runs_drilled ON runs (database, id) WHERE target IS NOT NULL;
CREATE TABLE drills ( run INTEGER PRIMARY KEY REFERENCES runs ON DELETE CASCADE, archive ANY NOT NULL, end_position TEXT,
    timeline INTEGER, last_transaction INTEGER, files INTEGER NOT NULL, bytes INTEGER NOT NULL, replay_seconds REAL,
    promote_seconds REAL ) STRICT;
ALTER TABLE databases ADD COLUMN drilled_since INTEGER;
ALTER TABLE databases ADD COLUMN drill_status TEXT;
ALTER TABLE databases ADD COLUMN drill_status_since INTEGER;
ALTER TABLE databases ADD COLUMN last_drill INTEGER;
ALTER TABLE databases ADD COLUMN last_drill_success INTEGER;
ALTER TABLE databases ADD COLUMN deciding_drill INTEGER;
ALTER TABLE databases ADD COLUMN verified_drills INTEGER NOT NULL DEFAULT 0;
ALTER TABLE databases ADD COLUMN failed_drills INTEGER NOT NULL DEFAULT 0;
ALTER TABLE databases ADD COLUMN inconclusive_drills INTEGER NOT NULL DEFAULT 0;
INSERT INTO grdb_migrations VALUES ('5');
INSERT INTO databases (id, name, monitored_since, status, status_since, status_proof, last_run, last_success, last_judged, last_restored, verified_runs, failed_runs, inconclusive_runs, discovered_by) VALUES (1, 'shop', 1793491200000000, 'failed', 1793750400000000, 'none', 9, 7, 8, 7, 1, 1, 1, NULL);
INSERT INTO databases (id, name, monitored_since, discovered_by) VALUES (2, 'app', 1793577600000000, '{database}');
INSERT INTO backups (id, database, path, size_bytes, modified, completed_at, data_as_of, first_seen, last_run, verdict, proof, is_proved, found_as_of, judged_time, is_present) VALUES (1, 1, '/b/shop-1.sql', 10, 1793577600000000, 1793577600000000, 1793577600000000, 1793577600000000, 7, 'verified', 'manifest', 1, 1793577600000000, 1793577600000000, 1);
INSERT INTO backups (id, database, path, size_bytes, modified, completed_at, data_as_of, first_seen, last_run, verdict, proof, is_proved, found_as_of, judged_time, is_present) VALUES (2, 1, '/b/shop-2.sql', -1, 1793664000000000, 1793664000000000, 1793664000000000, 1793664000000000, 9, 'failed', 'none', 0, 1793664000000000, 1793664000000000, 1);
INSERT INTO backups (id, database, path, size_bytes, modified, completed_at, first_seen, is_present) VALUES (3, 2, '/b/app-1.sql', 5, 1793577600000000, 1793577600000000, 1793577600000000, 0);
INSERT INTO runs (id, database, backup, started_at, finished_at, verdict, reason, message, hint, proof, data_as_of, restore_seconds, restore_bytes, restored_rows, restored_tables, mismatched_tables, freshness) VALUES (7, 1, 1, 1793663940000000, 1793664000000000, 'verified', NULL, 'it is verified', NULL, 'manifest', 1793577600000000, 2.5, 77, 3, 1, 0, 1793577600000000);
INSERT INTO runs (id, database, backup, started_at, finished_at, verdict, reason, message, hint, proof, data_as_of, restore_seconds, restore_bytes, restored_rows, restored_tables, mismatched_tables, freshness) VALUES (8, 1, 2, 1793750340000000, 1793750400000000, 'failed', 'rows-differ', 'it is failed', 'look', 'none', 1793664000000000, 2.5, 77, 2, 1, 1, NULL);
INSERT INTO runs (id, database, backup, started_at, finished_at, verdict, reason, message, hint, proof, data_as_of, restore_seconds, restore_bytes, restored_rows, restored_tables, mismatched_tables, freshness) VALUES (9, 1, 2, 1793836740000000, 1793836800000000, 'inconclusive', 'out-of-memory', 'it is inconclusive', NULL, 'none', 1793664000000000, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO runs (id, database, backup, started_at) VALUES (10, 2, 3, 1793836800000000);
INSERT INTO reports (run, database, location, name, format, size_bytes, data_source, completed_at, content, notes, restore_profile, restorable, postgresql) VALUES (7, 'shop', '/b', 'shop-1.sql', 'plain', 10, 'name', 1793577600000000, 'proved', '["a note"]', 'fast', '0.1.0', '15.18');
INSERT INTO reports (run, database, location, name, format, size_bytes, data_source, completed_at, content, notes, restore_profile, restorable, postgresql) VALUES (8, 'shop', '/b', 'shop-2.sql', 'plain', 10, 'name', 1793664000000000, 'proved', '["a note"]', 'fast', '0.1.0', '15.18');
INSERT INTO reports (run, database, location, name, format, size_bytes, data_source, completed_at, content, notes, restore_profile, restorable, postgresql) VALUES (9, 'shop', '/b', 'shop-2.sql', 'plain', 10, 'name', 1793664000000000, 'proved', '["a note"]', NULL, '0.1.0', '15.18');
INSERT INTO stages (run, position, stage, seconds, bytes) VALUES (7, 0, 'integrity', 1.5, 10), (9, 0, 'integrity', 0.5, NULL);
INSERT INTO checks (run, position, name, stage, verdict, reason, message, hint, details) VALUES (8, 0, 'rows', 'rows', 'failed', 'rows-differ', 'other rows', NULL, '["t"]');
INSERT INTO tables (run, position, schema, name, dump_rows, restored_rows, proof, bounds_lower, bounds_upper) VALUES (7, 0, 'public', 't', 3, 3, 'manifest', 3, 9);
INSERT INTO findings (run, position, statement, sqlstate, message, verdict, reason) VALUES (8, 0, 'SELECT 1', '42704', 'no role', 'verified', NULL);
INSERT INTO relations (id, database, schema, name) VALUES (1, 1, 'public', 't');
INSERT INTO counters (id, database, epoch, tables, circumstances) VALUES (1, 1, 'e', x'010105060703000102', 'c');
INSERT INTO samples (id, database, taken_at, counters) VALUES (1, 1, 1793577600000000, 1);
INSERT INTO forgets (name, asked_at, refusal) VALUES ('old', 1793491200000000, NULL);
PRAGMA application_id = 1381192770;
INSERT INTO runs (id, database, backup, started_at, finished_at, verdict, message, proof, restore_seconds, target) VALUES (6, 1, 1, 1793577600000000, 1793577660000000, 'verified', 'it is drilled', 'self', 4.5, 'latest');
INSERT INTO reports (run, database, location, name, format, content, notes, restore_profile, restorable) VALUES (6, 'shop', '/b', 'shop-1', 'basebackup', 'proved', '[]', 'fast', '0.1.0');
INSERT INTO drills (run, archive, end_position, timeline, last_transaction, files, bytes, replay_seconds, promote_seconds) VALUES (6, '/wal', '0/D00330', 1, 1793577500000000, 4, 4194304, 0.5, 0.25);
UPDATE databases SET drilled_since = 1793491200000000, drill_status = 'verified', drill_status_since = 1793577660000000, last_drill = 6, last_drill_success = 6, deciding_drill = 6, verified_drills = 1 WHERE id = 1;
PRAGMA user_version = 5;
