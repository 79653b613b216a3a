extension CatalogQuery {
    /// Publications and what they hold; subscriptions without their connection.
    static func replication(major: Int) -> [CatalogQuery] {
        [publications(major: major), publicationTables(major: major), subscriptions]
            + (major >= 15 ? [publicationSchemas] : [])
    }

    private static func publications(major: Int) -> CatalogQuery {
        CatalogQuery(
            """
            SELECT 'publication', quote_ident(p.pubname), concat_ws(' ', CASE WHEN p.puballtables THEN 'all tables' END,
                CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                CASE WHEN p.pubdelete THEN 'delete' END,
                \(major >= 11 ? "CASE WHEN p.pubtruncate THEN 'truncate' END" : "NULL"),
                \(major >= 13 ? "CASE WHEN p.pubviaroot THEN 'via root' END" : "NULL"),
                \(major >= 18 ? "CASE WHEN p.pubgencols <> 'n' THEN 'generated ' || p.pubgencols::text END" : "NULL"))
            FROM pg_catalog.pg_publication p WHERE \(notOfExtension("pg_publication", "p.oid"))
            """)
    }

    private static func publicationTables(major: Int) -> CatalogQuery {
        let filter =
            major >= 15
            ? """
            (SELECT '(' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) || ')'
                FROM pg_catalog.pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)),
            'where ' || pg_catalog.pg_get_expr(r.prqual, r.prrelid)
            """ : "NULL"
        return CatalogQuery(
            """
            SELECT 'publication member', format('%I table %s', p.pubname, r.prrelid::regclass), concat_ws(' ', \(filter))
            FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
            WHERE \(notOfExtension("pg_publication", "p.oid"))
            """)
    }

    private static let publicationSchemas = CatalogQuery(
        """
        SELECT 'publication member', format('%I schema %I', p.pubname, n.nspname), ''
        FROM pg_catalog.pg_publication_namespace s JOIN pg_catalog.pg_publication p ON p.oid = s.pnpubid
        JOIN pg_catalog.pg_namespace n ON n.oid = s.pnnspid
        WHERE \(notOfExtension("pg_publication", "p.oid"))
        """)

    private static let subscriptions = CatalogQuery(
        """
        SELECT 'subscription', quote_ident(s.subname), concat_ws(' ', 'to',
            (SELECT string_agg(quote_ident(p), ', ' ORDER BY p COLLATE "C") FROM unnest(s.subpublications) p),
            'synchronous_commit', s.subsynccommit)
        FROM pg_catalog.pg_subscription s
        WHERE s.subdbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
        """)
}
