import Backups

/// Makes the databases that a dump is loaded into and does not create itself.
struct TargetDatabases {
    let target: any LoadTarget
    let journal: LoadJournal
    /// `client_encoding` of the dump.
    let encoding: String?

    /// Encodings of clients that no database can have (PostgreSQL 15, table 24.1).
    private static let clientOnly: Set<String> = [
        "BIG5", "GB18030", "GBK", "JOHAB", "SJIS", "SHIFT_JIS_2004", "UHC", "WIN950", "WIN936", "WIN932", "WIN949",
        "SHIFTJIS", "MSKANJI", "WINDOWS936", "WINDOWS949", "WINDOWS950", "WINDOWS932",
    ]

    /// Makes `name` from template0, unless it is there.
    ///
    /// Its encoding is the dump's, so that every byte of it can be stored; it sorts by bytes, as no dump of one database
    /// says how it sorted. Characters are classed as UTF-8 where that is possible.
    /// - Returns: whether it was made.
    @discardableResult
    func ensure(_ name: String) throws -> Bool {
        let connection = try target.connect(database: "postgres")
        let found = try connection.query("SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1", [name])
        guard found.rowCount == 0 else { return false }
        let wanted = encoding?.uppercased() ?? "UTF8"
        let usable = Self.clientOnly.contains(wanted) ? "UTF8" : wanted
        let isUnicode = ["UTF8", "UTF-8", "UNICODE"].contains(usable)
        let create = "CREATE DATABASE \(SQLIdentifier.quoted(name)) TEMPLATE template0 ENCODING '\(quoted(usable))'"
        if isUnicode {
            do {
                try connection.execute(create + " LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'")
                return true
            } catch is PostgreSQLError {
                // A system without C.UTF-8: C is there on every one.
            }
        }
        do {
            try connection.execute(create + " LC_COLLATE 'C' LC_CTYPE 'C'")
            return true
        } catch let error as PostgreSQLError {
            throw error.obstacle(.unexplainedError, doing: "a database for the dump could not be created")
        }
    }

    private func quoted(_ text: String) -> String { text.filter { $0 != "'" && $0 != "\\" } }
}
