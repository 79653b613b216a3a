extension CatalogQuery {
    /// Enums, composites, domains, ranges, base types, collations.
    static func types(major: Int) -> [CatalogQuery] {
        [enums, composites, domains, ranges(major: major), baseTypes, collations(major: major)]
    }

    private static func type(_ kind: String, _ definition: String, where condition: String) -> CatalogQuery {
        CatalogQuery(
            """
            SELECT '\(kind)', format('%I.%I', n.nspname, t.typname), \(definition)
            FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
            WHERE \(condition) AND \(ofUserSchema) AND \(notOfExtension("pg_type", "t.oid"))
            """)
    }

    private static let enums = type(
        "type",
        "'enum (' || coalesce((SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) "
            + "FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid), '') || ')'",
        where: "t.typtype = 'e'")

    private static let composites = type(
        "type",
        """
        'composite (' || coalesce((SELECT string_agg(concat_ws(' ', quote_ident(a.attname),
            pg_catalog.format_type(a.atttypid, a.atttypmod),
            (SELECT format('collate %I.%I', cn.nspname, co.collname) FROM pg_catalog.pg_collation co
                JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
                JOIN pg_catalog.pg_type b ON b.oid = a.atttypid
                WHERE co.oid = a.attcollation AND a.attcollation <> b.typcollation)), ', ' ORDER BY a.attnum)
            FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), '') || ')'
        """,
        where:
            "t.typtype = 'c' AND EXISTS (SELECT FROM pg_catalog.pg_class r WHERE r.oid = t.typrelid AND r.relkind = 'c')"
    )

    private static let domains = type(
        "domain",
        """
        concat_ws(' ', pg_catalog.format_type(t.typbasetype, t.typtypmod),
            (SELECT format('collate %I.%I', cn.nspname, co.collname) FROM pg_catalog.pg_collation co
                JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
                JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
                WHERE co.oid = t.typcollation AND t.typcollation <> b.typcollation),
            CASE WHEN t.typnotnull THEN 'not null' END,
            'default ' || coalesce(pg_catalog.pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)))
        """,
        where: "t.typtype = 'd'")

    private static func ranges(major: Int) -> CatalogQuery {
        let multirange = major >= 14 ? "'multirange', r.rngmultitypid::regtype::text" : "NULL"
        return type(
            "type",
            """
            (SELECT concat_ws(' ', 'range of', pg_catalog.format_type(r.rngsubtype, NULL),
                (SELECT format('opclass %I.%I', cn.nspname, oc.opcname) FROM pg_catalog.pg_opclass oc
                    JOIN pg_catalog.pg_namespace cn ON cn.oid = oc.opcnamespace WHERE oc.oid = r.rngsubopc),
                (SELECT format('collate %I.%I', cn.nspname, co.collname) FROM pg_catalog.pg_collation co
                    JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = r.rngcollation),
                'canonical', r.rngcanonical::oid::regprocedure::text, 'subdiff', r.rngsubdiff::oid::regprocedure::text,
                \(multirange)) FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid)
            """,
            where: "t.typtype = 'r'")
    }

    /// Base and shell types; not the array type that every type brings along.
    private static let baseTypes = type(
        "type",
        """
        CASE WHEN NOT t.typisdefined THEN 'shell' ELSE concat_ws(' ', 'base input', t.typinput::oid::regprocedure::text,
            'output', t.typoutput::oid::regprocedure::text, 'receive', t.typreceive::oid::regprocedure::text,
            'send', t.typsend::oid::regprocedure::text, 'typmod', t.typmodin::oid::regprocedure::text,
            t.typmodout::oid::regprocedure::text, 'analyze', t.typanalyze::oid::regprocedure::text, 'length', t.typlen,
            'byval', t.typbyval, 'align', t.typalign, 'storage', t.typstorage, 'category', t.typcategory,
            'preferred', t.typispreferred, 'delimiter', t.typdelim, 'element', t.typelem::regtype::text,
            'default', quote_nullable(t.typdefault)) END
        """,
        where: """
            t.typtype IN ('b', 'p')
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid)
            """)

    private static func collations(major: Int) -> CatalogQuery {
        // collcollate and collctype moved to a column of their own for ICU: colliculocale in 15 and 16, colllocale from 17.
        let locale = major >= 17 ? "c.colllocale" : major >= 15 ? "c.colliculocale" : "NULL::text"
        let rules = major >= 16 ? "'rules ' || quote_literal(c.collicurules)" : "NULL"
        let deterministic = major >= 12 ? "CASE WHEN NOT c.collisdeterministic THEN 'nondeterministic' END" : "NULL"
        return CatalogQuery(
            """
            SELECT 'collation', format('%I.%I', n.nspname, c.collname),
                concat_ws(' ', 'provider', c.collprovider, coalesce(\(locale), c.collcollate),
                    CASE WHEN c.collctype <> c.collcollate THEN c.collctype END, \(deterministic), \(rules))
            FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
            WHERE \(ofUserSchema) AND \(notOfExtension("pg_collation", "c.oid"))
            """)
    }
}
