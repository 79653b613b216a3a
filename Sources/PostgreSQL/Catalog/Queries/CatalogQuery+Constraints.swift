extension CatalogQuery {
    /// Constraints, indexes, extended statistics.
    static func constraints(major: Int) -> [CatalogQuery] {
        [tableConstraints(major: major), domainConstraints, indexes(major: major), statistics(major: major)]
    }

    /// Foreign keys that a partition has from its root are the root's; their names differ after a restore.
    private static func tableConstraints(major: Int) -> CatalogQuery {
        let own = major >= 11 ? "(k.contype <> 'f' OR k.conparentid = 0)" : "true"
        return CatalogQuery(
            """
            SELECT CASE k.contype WHEN 'n' THEN 'not-null constraint' ELSE 'constraint' END,
                format('%I on %I.%I', k.conname, n.nspname, c.relname),
                concat_ws(' ', pg_catalog.pg_get_constraintdef(k.oid),
                    CASE WHEN k.contype = 'c' AND NOT k.conislocal AND NOT c.relispartition THEN 'inherited' END)
            FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE k.contype IN ('c', 'f', 'p', 'u', 'x', 'n') AND \(own)
                AND (k.contype <> 'n' OR (k.conislocal AND NOT c.relispartition))
                AND c.relpersistence <> 't' AND \(ofUserSchema) AND \(notOfExtension("pg_class", "c.oid"))
                AND \(notOfExtension("pg_constraint", "k.oid"))
            """)
    }

    private static let domainConstraints = CatalogQuery(
        """
        SELECT CASE k.contype WHEN 'n' THEN 'not-null constraint' ELSE 'constraint' END,
            format('%I on domain %I.%I', k.conname, n.nspname, t.typname), pg_catalog.pg_get_constraintdef(k.oid)
        FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_type t ON t.oid = k.contypid
        JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
        WHERE \(ofUserSchema) AND \(notOfExtension("pg_type", "t.oid"))
        """)

    /// Invalid indexes are not dumped (pg_dump.c, getIndexes), except those of a partitioned table that wait for parts.
    private static func indexes(major: Int) -> CatalogQuery {
        CatalogQuery(
            """
            SELECT 'index', format('%I.%I', n.nspname, x.relname),
                concat_ws(' ', pg_catalog.pg_get_indexdef(i.indexrelid),
                    CASE WHEN i.indisclustered THEN 'clustered' END,
                    CASE WHEN i.indisreplident THEN 'replica identity' END,
                    (SELECT 'attached to ' || string_agg(h.inhparent::regclass::text, ', ')
                        FROM pg_catalog.pg_inherits h WHERE h.inhrelid = i.indexrelid HAVING count(*) > 0),
                    (SELECT 'statistics ' || string_agg(a.attnum || '=' || a.attstattarget, ', ' ORDER BY a.attnum)
                        FROM pg_catalog.pg_attribute a
                        WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0))
            FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
            JOIN pg_catalog.pg_class c ON c.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' AND i.indisready
                AND (i.indisvalid OR c.relkind = 'p') AND \(ofUserSchema) AND \(notOfExtension("pg_class", "c.oid"))
            """)
    }

    private static func statistics(major: Int) -> CatalogQuery {
        let target = major >= 13 ? "CASE WHEN s.stxstattarget >= 0 THEN 'statistics ' || s.stxstattarget END" : "NULL"
        return CatalogQuery(
            """
            SELECT 'statistics', format('%I.%I', n.nspname, s.stxname),
                concat_ws(' ', pg_catalog.pg_get_statisticsobjdef(s.oid), \(target))
            FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
            WHERE \(ofUserSchema) AND \(notOfExtension("pg_statistic_ext", "s.oid"))
            """)
    }
}
