extension CatalogQuery {
    /// Rules, triggers, event triggers, policies.
    static func rules(major: Int) -> [CatalogQuery] {
        [rules, triggers(major: major), eventTriggers, policies]
    }

    private static let rules = CatalogQuery(
        """
        SELECT 'rule', format('%I on %I.%I', r.rulename, n.nspname, c.relname),
            concat_ws(' ', pg_catalog.pg_get_ruledef(r.oid), CASE WHEN r.ev_enabled <> 'O' THEN 'enabled ' || r.ev_enabled::text END)
        FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE r.rulename <> '_RETURN' AND \(ofUserSchema) AND \(notOfExtension("pg_class", "c.oid"))
            AND \(notOfExtension("pg_rewrite", "r.oid"))
        """)

    /// A partition's copy of its root's trigger is the root's.
    private static func triggers(major: Int) -> CatalogQuery {
        let own = major >= 13 ? "t.tgparentid = 0" : "true"
        return CatalogQuery(
            """
            SELECT 'trigger', format('%I on %I.%I', t.tgname, n.nspname, c.relname),
                concat_ws(' ', replace(pg_catalog.pg_get_triggerdef(t.oid), ' EXECUTE PROCEDURE ', ' EXECUTE FUNCTION '),
                    CASE WHEN t.tgenabled <> 'O' THEN 'enabled ' || t.tgenabled::text END)
            FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE NOT t.tgisinternal AND \(own) AND \(ofUserSchema) AND \(notOfExtension("pg_class", "c.oid"))
                AND \(notOfExtension("pg_trigger", "t.oid"))
            """)
    }

    private static let eventTriggers = CatalogQuery(
        """
        SELECT 'event trigger', quote_ident(e.evtname), concat_ws(' ', 'on', e.evtevent,
            'when tag in (' || array_to_string(e.evttags, ', ') || ')', 'execute', e.evtfoid::regprocedure::text,
            'enabled', e.evtenabled)
        FROM pg_catalog.pg_event_trigger e WHERE \(notOfExtension("pg_event_trigger", "e.oid"))
        """)

    private static let policies = CatalogQuery(
        """
        SELECT 'policy', format('%I on %I.%I', p.polname, n.nspname, c.relname),
            concat_ws(' ', CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END, 'for', p.polcmd, 'to',
                (SELECT string_agg(CASE WHEN r.id = 0 THEN 'public' ELSE quote_ident(pg_catalog.pg_get_userbyid(r.id)) END,
                    ', ' ORDER BY pg_catalog.pg_get_userbyid(r.id) COLLATE "C") FROM unnest(p.polroles) r(id)),
                'using (' || pg_catalog.pg_get_expr(p.polqual, p.polrelid) || ')',
                'check (' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) || ')')
        FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE \(ofUserSchema) AND \(notOfExtension("pg_class", "c.oid"))
        """)
}
