extension CatalogQuery {
    /// Functions, procedures, aggregates, casts, conversions, transforms, languages, extensions.
    static func routines(major: Int) -> [CatalogQuery] {
        [
            functions(major: major), aggregates(major: major), casts, conversions, transforms, languages, extensions,
            extensionVersions,
        ]
    }

    /// Constructors that a range type brings along depend on it internally and are not dumped. pg_dump.c, getFuncs.
    private static let notInternal =
        "NOT EXISTS (SELECT FROM pg_catalog.pg_depend i WHERE i.classid = 'pg_catalog.pg_proc'::regclass "
        + "AND i.objid = p.oid AND i.deptype = 'i')"

    private static func functions(major: Int) -> CatalogQuery {
        let isAggregate = major >= 11 ? "p.prokind = 'a'" : "p.proisagg"
        let kind =
            major >= 14 ? "CASE WHEN p.prosqlbody IS NULL THEN 'routine' ELSE 'sql-standard routine' END" : "'routine'"
        return CatalogQuery(
            """
            SELECT \(kind), format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)),
                pg_catalog.pg_get_functiondef(p.oid)
            FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
            WHERE NOT (\(isAggregate)) AND \(ofUserSchema) AND \(notInternal) AND \(notOfExtension("pg_proc", "p.oid"))
            """)
    }

    private static func aggregates(major: Int) -> CatalogQuery {
        let modify = major >= 11 ? "'finalfunc_modify', a.aggfinalmodify, 'mfinalfunc_modify', a.aggmfinalmodify," : ""
        return CatalogQuery(
            """
            SELECT 'aggregate', format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)),
                concat_ws(' ', 'returns', pg_catalog.format_type(p.prorettype, NULL), 'kind', a.aggkind,
                    'direct', a.aggnumdirectargs, 'sfunc', a.aggtransfn::regprocedure::text,
                    'stype', a.aggtranstype::regtype::text, 'sspace', a.aggtransspace,
                    'finalfunc', a.aggfinalfn::oid::regprocedure::text, 'extra', a.aggfinalextra,
                    'combinefunc', a.aggcombinefn::oid::regprocedure::text,
                    'serialfunc', a.aggserialfn::oid::regprocedure::text,
                    'deserialfunc', a.aggdeserialfn::oid::regprocedure::text,
                    'msfunc', a.aggmtransfn::oid::regprocedure::text, 'minvfunc', a.aggminvtransfn::oid::regprocedure::text,
                    'mstype', a.aggmtranstype::regtype::text, 'msspace', a.aggmtransspace,
                    'mfinalfunc', a.aggmfinalfn::oid::regprocedure::text, 'mextra', a.aggmfinalextra, \(modify)
                    'sortop', a.aggsortop::regoperator::text, 'initcond', quote_nullable(a.agginitval),
                    'minitcond', quote_nullable(a.aggminitval), 'parallel', p.proparallel)
            FROM pg_catalog.pg_aggregate a JOIN pg_catalog.pg_proc p ON p.oid = a.aggfnoid
            JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
            WHERE \(ofUserSchema) AND \(notOfExtension("pg_proc", "p.oid"))
            """)
    }

    private static let casts = CatalogQuery(
        """
        SELECT 'cast', pg_catalog.format_type(c.castsource, NULL) || ' as ' || pg_catalog.format_type(c.casttarget, NULL),
            concat_ws(' ', 'with', CASE c.castmethod WHEN 'f' THEN c.castfunc::regprocedure::text
                WHEN 'i' THEN 'inout' ELSE 'nothing' END, 'context', c.castcontext)
        FROM pg_catalog.pg_cast c WHERE c.oid >= \(firstNormalOID) AND \(notOfExtension("pg_cast", "c.oid"))
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend i WHERE i.classid = 'pg_catalog.pg_cast'::regclass
                AND i.objid = c.oid AND i.deptype = 'i')
        """)

    private static let conversions = CatalogQuery(
        """
        SELECT 'conversion', format('%I.%I', n.nspname, c.conname),
            concat_ws(' ', CASE WHEN c.condefault THEN 'default' END, 'from', pg_catalog.pg_encoding_to_char(c.conforencoding),
                'to', pg_catalog.pg_encoding_to_char(c.contoencoding), 'by', c.conproc::regproc::text)
        FROM pg_catalog.pg_conversion c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace
        WHERE \(ofUserSchema) AND \(notOfExtension("pg_conversion", "c.oid"))
        """)

    private static let transforms = CatalogQuery(
        """
        SELECT 'transform', pg_catalog.format_type(t.trftype, NULL) || ' for ' || quote_ident(l.lanname),
            concat_ws(' ', 'from', t.trffromsql::oid::regprocedure::text, 'to', t.trftosql::oid::regprocedure::text)
        FROM pg_catalog.pg_transform t JOIN pg_catalog.pg_language l ON l.oid = t.trflang
        WHERE t.oid >= \(firstNormalOID) AND \(notOfExtension("pg_transform", "t.oid"))
        """)

    private static let languages = CatalogQuery(
        """
        SELECT 'language', quote_ident(l.lanname), concat_ws(' ', CASE WHEN l.lanpltrusted THEN 'trusted' END,
            'handler', l.lanplcallfoid::regprocedure::text, 'inline', l.laninline::regprocedure::text,
            'validator', l.lanvalidator::regprocedure::text)
        FROM pg_catalog.pg_language l
        WHERE l.oid >= \(firstNormalOID) AND l.lanispl AND \(notOfExtension("pg_language", "l.oid"))
        """)

    private static let extensions = CatalogQuery(
        """
        SELECT 'extension', quote_ident(e.extname), 'schema ' || quote_ident(n.nspname)
        FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
        WHERE e.oid >= \(firstNormalOID)
        """)

    private static let extensionVersions = CatalogQuery(
        """
        SELECT 'extension version', quote_ident(e.extname), e.extversion
        FROM pg_catalog.pg_extension e WHERE e.oid >= \(firstNormalOID)
        """)
}
