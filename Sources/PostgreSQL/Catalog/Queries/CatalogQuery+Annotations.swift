extension CatalogQuery {
    /// Comments, security labels, and facts of the database itself.
    static func annotations(major: Int) -> [CatalogQuery] {
        [comments, securityLabels, database(major: major), databaseSettings]
    }

    private static func annotated(_ alias: String) -> String {
        """
        (\(alias).objoid >= \(firstNormalOID)
            OR (\(alias).classoid = 'pg_catalog.pg_namespace'::regclass AND \(alias).objoid = 2200))
        AND \(alias).classoid <> 'pg_catalog.pg_largeobject'::regclass
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend ext WHERE ext.classid = \(alias).classoid AND ext.objid = \(alias).objoid
            AND ext.deptype = 'e')
        """
    }

    private static let comments = CatalogQuery(
        """
        SELECT 'comment', 'on ' || d.type || ' ' || d.identity, c.description
        FROM pg_catalog.pg_description c, LATERAL pg_catalog.pg_identify_object(c.classoid, c.objoid, c.objsubid) d
        WHERE \(annotated("c"))
        """)

    private static let securityLabels = CatalogQuery(
        """
        SELECT 'security label', 'of ' || quote_ident(l.provider) || ' on ' || d.type || ' ' || d.identity, l.label
        FROM pg_catalog.pg_seclabel l, LATERAL pg_catalog.pg_identify_object(l.classoid, l.objoid, l.objsubid) d
        WHERE \(annotated("l"))
        """)

    private static func database(major: Int) -> CatalogQuery {
        let provider = major >= 15 ? "'provider', d.datlocprovider" : "NULL"
        return CatalogQuery(
            """
            SELECT 'database', 'settings', concat_ws(' ', 'encoding', pg_catalog.pg_encoding_to_char(d.encoding),
                'collate', d.datcollate, 'ctype', d.datctype, \(provider))
            FROM pg_catalog.pg_database d WHERE d.datname = current_database()
            """)
    }

    private static let databaseSettings = CatalogQuery(
        """
        SELECT 'database setting', coalesce(quote_ident(pg_catalog.pg_get_userbyid(nullif(s.setrole, 0))) || ' ', '')
                || split_part(c.value, '=', 1), substr(c.value, strpos(c.value, '=') + 1)
        FROM pg_catalog.pg_db_role_setting s, unnest(s.setconfig) c(value)
        WHERE s.setdatabase = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
        """)
}
