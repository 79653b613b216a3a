extension CatalogQuery {
    /// Foreign-data wrappers, servers, user mappings. Values of options that may be secrets are never read.
    static func foreign() -> [CatalogQuery] {
        [wrappers, servers, userMappings]
    }

    private static let wrappers = CatalogQuery(
        """
        SELECT 'foreign-data wrapper', quote_ident(w.fdwname), concat_ws(' ', 'handler', w.fdwhandler::regprocedure::text,
            'validator', w.fdwvalidator::regprocedure::text, 'options (' || \(options("w.fdwoptions")) || ')')
        FROM pg_catalog.pg_foreign_data_wrapper w
        WHERE w.oid >= \(firstNormalOID) AND \(notOfExtension("pg_foreign_data_wrapper", "w.oid"))
        """)

    private static let servers = CatalogQuery(
        """
        SELECT 'server', quote_ident(s.srvname), concat_ws(' ', 'wrapper', quote_ident(w.fdwname),
            'type ' || quote_literal(s.srvtype), 'version ' || quote_literal(s.srvversion),
            'options (' || \(options("s.srvoptions")) || ')')
        FROM pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw
        WHERE \(notOfExtension("pg_foreign_server", "s.oid"))
        """)

    private static let userMappings = CatalogQuery(
        """
        SELECT 'user mapping', format('%I on %I', m.usename, m.srvname),
            (SELECT 'options (' || string_agg(o.option_name, ', ' ORDER BY o.option_name COLLATE "C") || ')'
                FROM pg_catalog.pg_options_to_table(m.umoptions) o)
        FROM pg_catalog.pg_user_mappings m
        WHERE \(notOfExtension("pg_foreign_server", "m.srvid"))
        """)
}
