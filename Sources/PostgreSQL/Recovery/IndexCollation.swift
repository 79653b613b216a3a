import Backups

/// A collation that an index sorts texts by, and whether this machine sorts them as production did.
///
/// The order of libc's and ICU's collations changes with their versions: a sound index looks broken under another one
/// (PostgreSQL 18 documentation, "23.2.2. Managing Collations", ALTER COLLATION and ALTER DATABASE … REFRESH COLLATION VERSION).
struct IndexCollation: Equatable {
    /// `c` (libc), `i` (ICU) or `b` (built in).
    let provider: String
    /// As libc names it.
    let locale: String
    /// As it was noted in production, and as it is here; `nil` where nobody says.
    let version: String?
    let versionHere: String?

    /// Whether it is certain that it sorts here as it did there.
    var isSame: Bool {
        if provider == "b" { return true }
        if provider == "c", ["C", "POSIX"].contains(locale) || locale.hasPrefix("C.") { return true }
        return version != nil && version == versionHere
    }

    var description: String {
        let library = provider == "i" ? "ICU" : "the C library"
        let name = locale.isEmpty ? "" : " for \(locale)"
        guard let version else { return "\(library)\(name), whose version in production nobody noted" }
        return "\(library)\(name), version \(version) in production and \(versionHere ?? "an unknown one") here"
    }

    /// Those of an index; none where it is not of this database.
    /// - Parameter relation: as pg_amcheck names it: database, schema and name with dots between them.
    static func read(_ relation: String, _ connection: Connection, major: Int) throws -> [IndexCollation] {
        let rows = try connection.query(statement(major), [relation])
        return rows.rows.map { row in
            IndexCollation(
                provider: rows.text(row, 0) ?? "", locale: rows.text(row, 1) ?? "", version: rows.text(row, 2),
                versionHere: rows.text(row, 3))
        }
    }

    /// Collations of keys that say none: strings in `jsonb` are sorted by the database's own (`compareJsonbScalarValue` in
    /// src/backend/utils/adt/jsonb_util.c), rows by those of their columns, of which that is the usual one, ranges by their type's.
    private static let unsaid = """
        SELECT CASE WHEN t.typtype IN ('r', 'm') THEN g.rngcollation ELSE 'pg_catalog."default"'::pg_catalog.regcollation END
            FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_type k ON k.oid = a.atttypid
            JOIN pg_catalog.pg_type b ON b.oid = CASE WHEN k.typtype = 'd' THEN k.typbasetype ELSE k.oid END
            JOIN pg_catalog.pg_type t ON t.oid = CASE WHEN b.typcategory = 'A' THEN b.typelem ELSE b.oid END
            LEFT JOIN pg_catalog.pg_range g ON t.oid IN (g.rngtypid, g.rngmultitypid)
            WHERE a.attrelid = i.indexrelid
                AND (t.typtype IN ('c', 'r', 'm') OR t.oid = 'pg_catalog.jsonb'::pg_catalog.regtype)
        """

    /// Before 15 a database has no version of its own, and sorts by libc.
    private static func statement(_ major: Int) -> String {
        let own =
            major >= 15
            ? (
                "d.datlocprovider::text", "d.datcollversion", "pg_catalog.pg_database_collation_actual_version(d.oid)"
            ) : ("'c'", "NULL", "NULL")
        return """
            SELECT DISTINCT CASE WHEN c.collprovider = 'd' THEN \(own.0) ELSE c.collprovider::text END,
                CASE WHEN c.collprovider = 'd' THEN d.datcollate::text ELSE coalesce(c.collcollate::text, '') END,
                CASE WHEN c.collprovider = 'd' THEN \(own.1) ELSE c.collversion END,
                CASE WHEN c.collprovider = 'd' THEN \(own.2)
                    ELSE pg_catalog.pg_collation_actual_version(c.oid) END
            FROM pg_catalog.pg_index i
            JOIN pg_catalog.pg_class r ON r.oid = i.indexrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
            CROSS JOIN LATERAL (
                SELECT pg_catalog.unnest(i.indcollation::pg_catalog.oid[]) AS oid UNION \(unsaid)) AS u
            JOIN pg_catalog.pg_collation c ON c.oid = u.oid
            JOIN pg_catalog.pg_database d ON d.datname = pg_catalog.current_database()
            WHERE pg_catalog.concat_ws('.', d.datname, n.nspname, r.relname) = $1
            """
    }
}
