import Backups

/// What is asked of the archiver. Functions and views: documentation, "9.27.3. Backup Control Functions", "9.27.4. Recovery
/// Control Functions", "28.2. The Cumulative Statistics System" (`pg_stat_archiver`) and "9.27.9. Generic File Access
/// Functions" (`pg_ls_archive_statusdir`, from 12 on; members of `pg_monitor` may call it).
enum ArchiverQuery {
    /// Whether the archiver's status files may be listed.
    enum StatusAccess {
        case granted
        case denied(role: String)
        /// The server has no function for it.
        case missing
    }

    /// Each row a file and when it was modified, in microseconds since 1970.
    static let statusFiles =
        "SELECT name, (extract(epoch FROM modification) * 1000000)::bigint FROM pg_ls_archive_statusdir()"

    // Called only where they may be: either of the two fails on a server of the other kind.
    private static let server = """
        SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
               r.yes,
               current_setting('archive_mode'),
               pg_size_bytes(current_setting('wal_segment_size')),
               CASE WHEN r.yes THEN coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
                    ELSE pg_current_wal_lsn() END,
               CASE WHEN r.yes THEN NULL ELSE pg_walfile_name(pg_current_wal_lsn()) END,
               has_function_privilege(to_regprocedure('pg_ls_archive_statusdir()')::oid, 'EXECUTE'),
               a.archived_count,
               a.last_archived_wal,
               (extract(epoch FROM a.last_archived_time) * 1000000)::bigint,
               a.failed_count,
               (extract(epoch FROM a.last_failed_time) * 1000000)::bigint,
               current_user
        FROM pg_stat_archiver a, (SELECT pg_is_in_recovery() AS yes OFFSET 0) r
        """

    /// - Throws: ``PostgreSQLError``, or ``Obstacle`` where the answer can't be understood.
    static func run(on connection: Connection) throws -> (ProductionReading, StatusAccess) {
        let row = try connection.query(server)
        guard let now = moment(row, 0), let isInRecovery = row.boolean(0, 1),
            let mode = row.text(0, 2).flatMap({ ProductionReading.ArchiveMode(rawValue: $0) }),
            let size = row.integer(0, 3).flatMap({ UInt64(exactly: $0) }).flatMap({ WALSegmentSize(bytes: $0) })
        else {
            throw Obstacle(
                .queryError, "\(connection.parameters.target) says of its archiving what no PostgreSQL says",
                hint: "Check that the connection leads to a PostgreSQL server.")
        }
        let reading = ProductionReading(
            takenAt: now, isInRecovery: isInRecovery, archiveMode: mode, segmentSize: size,
            position: row.text(0, 4).flatMap { WALPosition($0) }, timeline: timeline(row.text(0, 5)),
            archiver: ProductionReading.Archiver(
                archived: row.count(7), lastArchived: row.text(0, 8).flatMap { WALFileName($0) },
                lastSuccess: moment(row, 9), failures: row.count(10), lastFailure: moment(row, 11)))
        let access: StatusAccess =
            switch row.boolean(0, 6) {
            case true?: .granted
            case false?: .denied(role: row.text(0, 12) ?? "")
            case nil: .missing
            }
        return (reading, access)
    }

    private static func moment(_ row: QueryResult, _ column: Int) -> Timestamp? {
        row.integer(0, column).map { Timestamp(microseconds: $0) }
    }

    private static func timeline(_ name: String?) -> UInt32? {
        guard let name, case .segment(let timeline, _, _) = WALFileName(name) else { return nil }
        return timeline
    }
}

extension QueryResult {
    /// A counter of the only row.
    fileprivate func count(_ column: Int) -> UInt64 { integer(0, column).flatMap { UInt64(exactly: $0) } ?? 0 }
}
