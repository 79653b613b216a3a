extension PostgreSQLError {
    /// The copy's own files are broken, or gone: `data_corrupted` and `index_corrupted`, and `undefined_file` of a relation or of the
    /// status of transactions (PostgreSQL 18 documentation, "Appendix A"; `mdopenfork`, `_mdfd_getseg` of
    /// src/backend/storage/smgr/md.c, `SlruReportIOError` of src/backend/access/transam/slru.c). A file that could not be opened for
    /// another reason, as too many open ones, has another code.
    package var showsDamage: Bool {
        switch sqlstate {
        case "XX001", "XX002": true
        case "58P01":
            ["base/", "global/", "pg_tblspc/"].contains { message.hasPrefix("could not open file \"\($0)") }
                || message.hasPrefix("could not access status of transaction")
        default: false
        }
    }
}
