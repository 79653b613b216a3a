import Glibc

extension TestServer {
    /// Ends the segment that is being written, and waits until it is archived.
    /// - Returns: its name.
    @discardableResult
    package func archiveAll() throws -> String {
        let name = try maintenance.query(
            "SELECT pg_walfile_name(pg_current_wal_insert_lsn()) FROM (SELECT pg_logical_emit_message(true, 'x', 'x')) x"
        )
        _ = try maintenance.query("SELECT pg_switch_wal()")
        // The names of one timeline sort as they are written; the archiver tells of nothing else.
        for _ in 0..<6000 {
            let last = try maintenance.query(
                "SELECT coalesce(max(last_archived_wal), '') >= '\(name)' FROM pg_stat_archiver")
            if last == "t" { return name }
            usleep(10_000)
        }
        throw TestFailure("\(name) was not archived:\n\(try logText())")
    }
}
