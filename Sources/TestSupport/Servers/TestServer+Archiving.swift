import Glibc

extension TestServer {
    private static let written = "pg_current_wal_insert_lsn()"
    private static let message = "pg_logical_emit_message(true, 'x', 'x')"

    /// Ends the segment that is being written, and waits until it is archived.
    /// - Returns: its name.
    @discardableResult
    package func archiveAll() throws -> String {
        let name = try maintenance.query("SELECT pg_walfile_name(\(Self.written)) FROM (SELECT \(Self.message)) x")
        _ = try maintenance.query("SELECT pg_switch_wal()")
        // The names of one timeline sort as they are written; the archiver tells of nothing else.
        for round in 1...6000 {
            let last = try maintenance.query(
                "SELECT coalesce(max(last_archived_wal), '') >= '\(name)' FROM pg_stat_archiver")
            if last == "t" { return name }
            // An archiver that was just started, as after a promotion, may miss that it was woken, and sleeps for a minute.
            if round % 500 == 0 { _ = try maintenance.query("SELECT pg_switch_wal() FROM (SELECT \(Self.message)) x") }
            usleep(10_000)
        }
        throw TestFailure("\(name) was not archived:\n\(try logText())")
    }
}
