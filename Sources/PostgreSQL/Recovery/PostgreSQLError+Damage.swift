extension PostgreSQLError {
    /// The copy's own files are broken, or gone: `data_corrupted` and `index_corrupted`, and `undefined_file` of a relation or of the
    /// status of transactions (PostgreSQL 18 documentation, "Appendix A"; `mdopenfork` of src/backend/storage/smgr/md.c,
    /// `SlruReportIOError` of src/backend/access/transam/slru.c). A file that could not be opened for another reason, as too many open
    /// ones, has another code. A block far behind the end of its file has whatever code `errno` stood for before (`_mdfd_getseg` of
    /// md.c): there the text tells.
    package var showsDamage: Bool {
        let isRelation = ["base/", "global/", "pg_tblspc/"].contains {
            message.hasPrefix("could not open file \"\($0)")
        }
        if isRelation, message.contains(": previous segment is only ") { return true }
        return switch sqlstate {
        case "XX001", "XX002": true
        case "58P01": isRelation || message.hasPrefix("could not access status of transaction")
        default: false
        }
    }
}
