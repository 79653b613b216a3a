/// The statements that read production's counters. All of them are readable by every role; only what other sessions do
/// needs `pg_read_all_stats` (in `pg_monitor`).
///
/// Sources: PostgreSQL 15 documentation, "27.2. The Cumulative Statistics System" (the functions under the views), "9.27.1.
/// Configuration Settings Functions", "9.27.11. Control Data Functions", "9.27.3. Backup Control Functions" (pg_walfile_name:
/// the first eight digits are the timeline), "53.11. pg_class".
enum ActivityQuery {
    /// One row. The clock is read before the counters: what was committed by then and reported is in them.
    static let server = """
        SELECT \(microseconds("pg_catalog.clock_timestamp()")), pg_catalog.pg_is_in_recovery(),
            (SELECT system_identifier FROM pg_catalog.pg_control_system()),
            CASE WHEN pg_catalog.pg_is_in_recovery() THEN NULL
                ELSE pg_catalog.left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 8) END,
            d.oid, \(microseconds("pg_catalog.pg_stat_get_db_stat_reset_time(d.oid)")),
            (SELECT \(microseconds("stats_reset")) FROM pg_catalog.pg_stat_archiver),
            \(microseconds("pg_catalog.pg_postmaster_start_time()")), \(microseconds("pg_catalog.pg_conf_load_time()")),
            pg_catalog.current_setting('track_counts')::boolean AND NOT EXISTS (
                SELECT FROM pg_catalog.pg_db_role_setting s, pg_catalog.unnest(s.setconfig) c
                WHERE s.setdatabase IN (0, d.oid) AND c LIKE 'track\\_counts=%'
                    AND pg_catalog.split_part(c, '=', 2) NOT IN ('on', 'true', 'yes', '1'))
        FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
        """

    /// A row for each table that keeps its rows in a heap: other access methods may not count, and are not sampled.
    static let tables = """
        SELECT n.nspname, c.relname, c.oid, c.relfilenode, c.xmin::text,
            pg_catalog.pg_stat_get_tuples_inserted(c.oid), pg_catalog.pg_stat_get_tuples_updated(c.oid),
            pg_catalog.pg_stat_get_tuples_deleted(c.oid), pg_catalog.pg_stat_get_live_tuples(c.oid)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND c.relam IN (0, \(heapAccessMethod))
            AND \(CatalogQuery.ofUserSchema)
        ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
        """

    /// `heap` in src/include/catalog/pg_am.dat. Before PostgreSQL 12 tables had none.
    private static let heapAccessMethod = 2

    /// One row, of the sessions in this database other than this one. A walsender's statement lasts for as long as it
    /// sends; autovacuum inserts and deletes nothing; session without `track_activities` is `disabled`.
    static let sessions = """
        SELECT pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')
                AND NOT coalesce(pg_catalog.bool_or(a.state = 'disabled'), false),
            \(microseconds(oldestWork)),
            pg_catalog.min(a.backend_type) FILTER (
                WHERE a.backend_type NOT IN ('client backend', 'parallel worker', 'walsender', 'slotsync worker')
                    AND a.backend_type NOT LIKE 'logical replication %')
        FROM pg_catalog.pg_stat_activity a
        WHERE a.pid <> pg_catalog.pg_backend_pid() AND a.backend_type IS DISTINCT FROM 'autovacuum worker'
            AND a.datid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
        """

    private static let oldestWork = """
        pg_catalog.min(CASE WHEN a.state = 'idle' OR a.backend_type = 'walsender' THEN a.xact_start
            ELSE LEAST(a.xact_start, a.query_start) END)
        """

    private static func microseconds(_ time: String) -> String {
        "(EXTRACT(epoch FROM \(time)) * 1000000)::bigint"
    }
}
