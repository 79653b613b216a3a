/// One query over the system catalogs. It returns three text columns: kind (a raw value of ``CatalogKind``), identity,
/// definition; or four, the last a note.
///
/// All are written for 10 to 18 and run with an empty `search_path`, so that every name comes back qualified.
struct CatalogQuery: Sendable {
    let sql: String

    init(_ sql: String) {
        self.sql = sql
    }

    /// Every query for a server of this major version.
    static func all(major: Int) -> [CatalogQuery] {
        relations(major: major) + constraints(major: major) + routines(major: major) + types(major: major)
            + operators(major: major) + textSearch() + foreign() + rules(major: major) + replication(major: major)
            + access(major: major) + annotations(major: major)
    }
}

extension CatalogQuery {
    /// Schemas that pg_dump dumps: none of the server's own (`pg_…`, `information_schema`). pg_dump.c, selectDumpableNamespace.
    static let ofUserSchema = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"

    /// Objects made after initdb: those below are the server's own. access/transam.h, FirstNormalObjectId.
    static let firstNormalOID = 16384

    /// Not a member of an extension: CREATE EXTENSION makes those. pg_dump.c, checkExtensionMembership.
    static func notOfExtension(_ catalog: String, _ oid: String) -> String {
        """
        NOT EXISTS (SELECT FROM pg_catalog.pg_depend ext WHERE ext.classid = 'pg_catalog.\(catalog)'::regclass
            AND ext.objid = \(oid) AND ext.deptype = 'e')
        """
    }

    /// `key=value` of an options array, sorted; the values of options that hold secrets are never read.
    static func options(_ array: String) -> String {
        """
        (SELECT string_agg(o.option_name || CASE WHEN o.option_name ~* '(pass|secret|token|key|conninfo)' THEN ''
                ELSE '=' || quote_literal(o.option_value) END, ', ' ORDER BY o.option_name COLLATE "C")
            FROM pg_catalog.pg_options_to_table(\(array)) o)
        """
    }
}
