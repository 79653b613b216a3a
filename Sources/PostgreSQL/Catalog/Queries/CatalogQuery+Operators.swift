extension CatalogQuery {
    /// Operators, their classes and families, access methods.
    static func operators(major: Int) -> [CatalogQuery] {
        [operators, operatorFamilies, operatorClasses, accessMethods]
    }

    private static let operators = CatalogQuery(
        """
        SELECT 'operator', format('%I.%s (%s, %s)', n.nspname, o.oprname,
                pg_catalog.format_type(o.oprleft, NULL), pg_catalog.format_type(o.oprright, NULL)),
            concat_ws(' ', 'by', o.oprcode::oid::regprocedure::text, 'commutator', o.oprcom::regoperator::text,
                'negator', o.oprnegate::regoperator::text, 'restrict', o.oprrest::oid::regprocedure::text,
                'join', o.oprjoin::oid::regprocedure::text, CASE WHEN o.oprcanhash THEN 'hashes' END,
                CASE WHEN o.oprcanmerge THEN 'merges' END)
        FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
        WHERE o.oprcode <> 0 AND \(ofUserSchema) AND \(notOfExtension("pg_operator", "o.oid"))
        """)

    private static let operatorFamilies = CatalogQuery(
        """
        SELECT 'operator family', format('%I.%I using %I', n.nspname, f.opfname, am.amname),
            concat_ws(', ',
                (SELECT string_agg(concat_ws(' ', 'operator', o.amopstrategy, o.amopopr::regoperator::text,
                        CASE WHEN o.amopsortfamily <> 0 THEN 'for order by ' || (SELECT format('%I.%I', sn.nspname, sf.opfname)
                            FROM pg_catalog.pg_opfamily sf JOIN pg_catalog.pg_namespace sn ON sn.oid = sf.opfnamespace
                            WHERE sf.oid = o.amopsortfamily) END),
                        ', ' ORDER BY o.amopstrategy, o.amopopr::regoperator::text COLLATE "C")
                    FROM pg_catalog.pg_amop o WHERE o.amopfamily = f.oid),
                (SELECT string_agg(concat_ws(' ', 'function', p.amprocnum, p.amproclefttype::regtype::text,
                        p.amprocrighttype::regtype::text, p.amproc::oid::regprocedure::text),
                        ', ' ORDER BY p.amprocnum, p.amproc::oid::regprocedure::text COLLATE "C")
                    FROM pg_catalog.pg_amproc p WHERE p.amprocfamily = f.oid))
        FROM pg_catalog.pg_opfamily f JOIN pg_catalog.pg_namespace n ON n.oid = f.opfnamespace
        JOIN pg_catalog.pg_am am ON am.oid = f.opfmethod
        WHERE \(ofUserSchema) AND \(notOfExtension("pg_opfamily", "f.oid"))
        """)

    private static let operatorClasses = CatalogQuery(
        """
        SELECT 'operator class', format('%I.%I using %I', n.nspname, o.opcname, am.amname),
            concat_ws(' ', CASE WHEN o.opcdefault THEN 'default' END, 'for', pg_catalog.format_type(o.opcintype, NULL),
                'storage', CASE WHEN o.opckeytype <> 0 THEN pg_catalog.format_type(o.opckeytype, NULL) ELSE '-' END, 'family',
                (SELECT format('%I.%I', fn.nspname, f.opfname) FROM pg_catalog.pg_opfamily f
                    JOIN pg_catalog.pg_namespace fn ON fn.oid = f.opfnamespace WHERE f.oid = o.opcfamily))
        FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace
        JOIN pg_catalog.pg_am am ON am.oid = o.opcmethod
        WHERE \(ofUserSchema) AND \(notOfExtension("pg_opclass", "o.oid"))
        """)

    private static let accessMethods = CatalogQuery(
        """
        SELECT 'access method', quote_ident(a.amname), concat_ws(' ', a.amtype, a.amhandler::oid::regprocedure::text)
        FROM pg_catalog.pg_am a WHERE a.oid >= \(firstNormalOID) AND \(notOfExtension("pg_am", "a.oid"))
        """)
}
