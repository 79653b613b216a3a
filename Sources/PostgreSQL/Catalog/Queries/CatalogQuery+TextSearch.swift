extension CatalogQuery {
    /// Text search parsers, dictionaries, templates, configurations.
    static func textSearch() -> [CatalogQuery] {
        [parsers, dictionaries, templates, configurations]
    }

    private static let parsers = CatalogQuery(
        """
        SELECT 'text search parser', format('%I.%I', n.nspname, p.prsname),
            concat_ws(' ', p.prsstart::oid::regprocedure::text, p.prstoken::oid::regprocedure::text,
                p.prsend::oid::regprocedure::text, p.prsheadline::oid::regprocedure::text,
                p.prslextype::oid::regprocedure::text)
        FROM pg_catalog.pg_ts_parser p JOIN pg_catalog.pg_namespace n ON n.oid = p.prsnamespace
        WHERE \(ofUserSchema) AND \(notOfExtension("pg_ts_parser", "p.oid"))
        """)

    private static let dictionaries = CatalogQuery(
        """
        SELECT 'text search dictionary', format('%I.%I', n.nspname, d.dictname),
            concat_ws(' ', (SELECT format('template %I.%I', tn.nspname, t.tmplname) FROM pg_catalog.pg_ts_template t
                JOIN pg_catalog.pg_namespace tn ON tn.oid = t.tmplnamespace WHERE t.oid = d.dicttemplate), d.dictinitoption)
        FROM pg_catalog.pg_ts_dict d JOIN pg_catalog.pg_namespace n ON n.oid = d.dictnamespace
        WHERE \(ofUserSchema) AND \(notOfExtension("pg_ts_dict", "d.oid"))
        """)

    private static let templates = CatalogQuery(
        """
        SELECT 'text search template', format('%I.%I', n.nspname, t.tmplname),
            concat_ws(' ', t.tmplinit::oid::regprocedure::text, t.tmpllexize::oid::regprocedure::text)
        FROM pg_catalog.pg_ts_template t JOIN pg_catalog.pg_namespace n ON n.oid = t.tmplnamespace
        WHERE \(ofUserSchema) AND \(notOfExtension("pg_ts_template", "t.oid"))
        """)

    private static let configurations = CatalogQuery(
        """
        SELECT 'text search configuration', format('%I.%I', n.nspname, c.cfgname),
            concat_ws(' ', (SELECT format('parser %I.%I', pn.nspname, p.prsname) FROM pg_catalog.pg_ts_parser p
                    JOIN pg_catalog.pg_namespace pn ON pn.oid = p.prsnamespace WHERE p.oid = c.cfgparser),
                (SELECT string_agg(m.maptokentype || ':' || m.mapseqno || '=' || m.mapdict::regdictionary::text, ', '
                        ORDER BY m.maptokentype, m.mapseqno)
                    FROM pg_catalog.pg_ts_config_map m WHERE m.mapcfg = c.oid))
        FROM pg_catalog.pg_ts_config c JOIN pg_catalog.pg_namespace n ON n.oid = c.cfgnamespace
        WHERE \(ofUserSchema) AND \(notOfExtension("pg_ts_config", "c.oid"))
        """)
}
