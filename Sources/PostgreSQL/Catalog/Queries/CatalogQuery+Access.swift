extension CatalogQuery {
    /// Owners, grants, default privileges.
    static func access(major: Int) -> [CatalogQuery] {
        [owners, grants, columnGrants, defaultPrivileges]
    }

    /// One row for each object that can have an owner: catalog, oid, owner, acl, the acl it has by default.
    /// Large objects are counted, not listed: there may be millions.
    private static let owned = """
        SELECT 'pg_catalog.pg_class'::regclass AS classid, c.oid AS objid, c.relowner AS owner, c.relacl AS acl,
            acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner) AS standard, c.relnamespace AS schema
            FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't'
        UNION ALL SELECT 'pg_catalog.pg_proc'::regclass, p.oid, p.proowner, p.proacl, acldefault('f', p.proowner), p.pronamespace
            FROM pg_catalog.pg_proc p WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend i
                WHERE i.classid = 'pg_catalog.pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i')
        UNION ALL SELECT 'pg_catalog.pg_type'::regclass, t.oid, t.typowner, t.typacl, acldefault('T', t.typowner), t.typnamespace
            FROM pg_catalog.pg_type t
            WHERE t.typtype <> 'm' AND (t.typrelid = 0
                    OR EXISTS (SELECT FROM pg_catalog.pg_class r WHERE r.oid = t.typrelid AND r.relkind = 'c'))
                AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid)
        UNION ALL SELECT 'pg_catalog.pg_namespace'::regclass, n.oid, n.nspowner, n.nspacl, acldefault('n', n.nspowner), n.oid
            FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_(temp|toast)'
        UNION ALL SELECT 'pg_catalog.pg_language'::regclass, l.oid, l.lanowner, l.lanacl, acldefault('l', l.lanowner), NULL
            FROM pg_catalog.pg_language l
        UNION ALL SELECT 'pg_catalog.pg_foreign_data_wrapper'::regclass, w.oid, w.fdwowner, w.fdwacl,
            acldefault('F', w.fdwowner), NULL FROM pg_catalog.pg_foreign_data_wrapper w
        UNION ALL SELECT 'pg_catalog.pg_foreign_server'::regclass, s.oid, s.srvowner, s.srvacl, acldefault('S', s.srvowner), NULL
            FROM pg_catalog.pg_foreign_server s
        """

    private static let ownedWithoutGrants = """
        UNION ALL SELECT 'pg_catalog.pg_operator'::regclass, o.oid, o.oprowner, NULL, NULL, o.oprnamespace FROM pg_catalog.pg_operator o
        UNION ALL SELECT 'pg_catalog.pg_opclass'::regclass, o.oid, o.opcowner, NULL, NULL, o.opcnamespace FROM pg_catalog.pg_opclass o
        UNION ALL SELECT 'pg_catalog.pg_opfamily'::regclass, o.oid, o.opfowner, NULL, NULL, o.opfnamespace FROM pg_catalog.pg_opfamily o
        UNION ALL SELECT 'pg_catalog.pg_conversion'::regclass, o.oid, o.conowner, NULL, NULL, o.connamespace FROM pg_catalog.pg_conversion o
        UNION ALL SELECT 'pg_catalog.pg_collation'::regclass, o.oid, o.collowner, NULL, NULL, o.collnamespace FROM pg_catalog.pg_collation o
        UNION ALL SELECT 'pg_catalog.pg_statistic_ext'::regclass, o.oid, o.stxowner, NULL, NULL, o.stxnamespace FROM pg_catalog.pg_statistic_ext o
        UNION ALL SELECT 'pg_catalog.pg_ts_dict'::regclass, o.oid, o.dictowner, NULL, NULL, o.dictnamespace FROM pg_catalog.pg_ts_dict o
        UNION ALL SELECT 'pg_catalog.pg_ts_config'::regclass, o.oid, o.cfgowner, NULL, NULL, o.cfgnamespace FROM pg_catalog.pg_ts_config o
        UNION ALL SELECT 'pg_catalog.pg_event_trigger'::regclass, o.oid, o.evtowner, NULL, NULL, NULL FROM pg_catalog.pg_event_trigger o
        UNION ALL SELECT 'pg_catalog.pg_publication'::regclass, o.oid, o.pubowner, NULL, NULL, NULL FROM pg_catalog.pg_publication o
        """

    private static let ofExtension = """
        EXISTS (SELECT FROM pg_catalog.pg_depend ext WHERE ext.classid = o.classid AND ext.objid = o.objid AND ext.deptype = 'e')
        """

    /// The schema `public` and what else initdb made keep the owner that the server gave them, unless somebody changed it.
    private static let owners = CatalogQuery(
        """
        SELECT 'owner', 'of ' || d.type || ' ' || d.identity, quote_ident(pg_catalog.pg_get_userbyid(o.owner))
        FROM (\(owned) \(ownedWithoutGrants)) o, LATERAL pg_catalog.pg_identify_object(o.classid, o.objid, 0) d
        WHERE (o.objid >= \(firstNormalOID) OR (o.classid = 'pg_catalog.pg_namespace'::regclass AND o.objid = 2200 AND o.owner <> 10))
            AND NOT \(ofExtension)
            AND (o.schema IS NULL OR EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.oid = o.schema AND \(ofUserSchema)))
        """)

    /// What differs from the default: granted beyond it, or revoked from it. The default of a member of an extension, or
    /// of an object that initdb made, is what it had when it was made (`pg_init_privs`), as for pg_dump.
    private static func differences(_ source: String) -> String {
        """
        SELECT 'grant', d.type || ' ' || d.identity || CASE WHEN g.granted THEN ' to ' ELSE ' withheld from ' END
                || CASE WHEN g.grantee = 0 THEN 'public' ELSE quote_ident(pg_catalog.pg_get_userbyid(g.grantee)) END
                || ' ' || g.privilege_type
                || CASE WHEN g.grantor <> o.owner THEN ' by ' || quote_ident(pg_catalog.pg_get_userbyid(g.grantor)) ELSE '' END,
            CASE WHEN g.is_grantable THEN 'with grant option' ELSE '' END
        FROM (\(source)) o,
        LATERAL (SELECT (x).*, true AS granted FROM (SELECT aclexplode(o.acl) AS x EXCEPT SELECT aclexplode(o.standard)) a
            UNION ALL SELECT (x).*, false FROM (SELECT aclexplode(o.standard) AS x EXCEPT SELECT aclexplode(o.acl)) r) g,
        LATERAL pg_catalog.pg_identify_object(o.classid, o.objid, o.objsubid) d
        WHERE o.acl IS NOT NULL AND coalesce(d.schema, d.identity) <> 'information_schema'
        """
    }

    private static let grants = CatalogQuery(
        differences(
            """
            SELECT o.classid, o.objid, 0 AS objsubid, o.owner, o.acl, coalesce(p.initprivs, o.standard) AS standard
            FROM (\(owned)) o LEFT JOIN pg_catalog.pg_init_privs p
                ON p.classoid = o.classid AND p.objoid = o.objid AND p.objsubid = 0
            WHERE o.acl IS NOT NULL AND o.acl IS DISTINCT FROM p.initprivs
            """))

    private static let columnGrants = CatalogQuery(
        differences(
            """
            SELECT 'pg_catalog.pg_class'::regclass AS classid, a.attrelid AS objid, a.attnum::int AS objsubid, c.relowner AS owner,
                a.attacl AS acl, p.initprivs AS standard
            FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
            LEFT JOIN pg_catalog.pg_init_privs p ON p.classoid = 'pg_catalog.pg_class'::regclass AND p.objoid = a.attrelid
                AND p.objsubid = a.attnum
            WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND a.attacl IS DISTINCT FROM p.initprivs
            """))

    private static let defaultPrivileges = CatalogQuery(
        """
        SELECT 'default privilege', concat_ws(' ', 'of', quote_ident(pg_catalog.pg_get_userbyid(d.defaclrole)), 'on',
                d.defaclobjtype, 'in ' || quote_ident(n.nspname), 'to',
                CASE WHEN x.grantee = 0 THEN 'public' ELSE quote_ident(pg_catalog.pg_get_userbyid(x.grantee)) END, x.privilege_type),
            CASE WHEN x.is_grantable THEN 'with grant option' ELSE '' END
        FROM pg_catalog.pg_default_acl d LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace,
        LATERAL aclexplode(d.defaclacl) x
        """)
}
