extension KitchenSink {
    static let rows = #"""
        INSERT INTO sink.every_type (b, s, i, l, n, any_numeric, r, d, m, c, v, t, nm, single, by, ts, tz, day, tm, tmz,
            span, short_span, ip, net, mac, mac8, bits, vbits, u, j, jb, p, ln, seg, bx, pth, poly, circ, lsn, o, rc, vec, q,
            r4, nr, tsr, mr, fr, frs, mood, addr, homes, pos, code, ia, matrix, ta, ma, bounds, num, h, ci, snapshot)
        VALUES (true, -32768, 2147483647, -9223372036854775808, 12345678901234567890.0123456789, 'NaN', '-Infinity',
            1.7976931348623157e308, '$1.00', 'ab', 'v', 'text', 'name', 'x', '\x00ff5c0a090d', 'infinity',
            '2020-02-29 23:59:59.999999+14', '4713-01-01 BC', '24:00:00', '12:00:00.5-11:30', '-1 year 2 mons -3 days 04:05:06.7',
            '03:04', '::1/64', '10.0.0.0/8', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', B'101', B'',
            '00000000-0000-0000-0000-0000000000ff', '{"a": 1,   "a": 2, "nul": "\\u0000"}', '{"k": [1, null, "é\t"]}', '(1,2)',
            '{1,-1,0}', '[(0,0),(1,1)]', '((0,0),(1,1))', '[(0,0),(1,1)]', '((0,0),(1,1),(1,0))', '<(0,0),5>', '16/B374D848',
            4294967295, 'sink.tree', '''a'':1A ''fat cat'':2', '''fat'' & !''rat'':*', '[1,10)', '(,5]', 'empty',
            '{[1,3),[5,9)}', '[1.5,2.5)', '{[0,1),[2,3]}', 'it''s "fine"', ROW('Main, "St"', 7, '{sad,ok}'),
            ARRAY[ROW('a', 1, NULL)]::sink.address[], 5, 'A\B', '{1,NULL,3}', '{{1,2},{3,4}}', '{"",NULL,"NULL","a,b","\"","\\"}',
            '{sad,happy}', '[-1:1]={7,8,9}', 42, 'k=>NULL, "a b"=>"c\"d"', 'CaseLess', '10:20:10,14,15');
        INSERT INTO sink.every_type (pos) VALUES (1), (2);
        INSERT INTO sink.every_type (any_numeric, r, d, day, t, ia, pos) VALUES
            ('Infinity', 'NaN', '-0', '-infinity', '', '{}', 3), (-0.000000000000000000001, 1e-37, 5e-324, '5874897-12-31', ' ', NULL, 4);
        INSERT INTO sink.only_defaults DEFAULT VALUES;
        INSERT INTO sink.no_columns DEFAULT VALUES;
        INSERT INTO sink.no_columns DEFAULT VALUES;
        INSERT INTO sink.no_columns DEFAULT VALUES;
        INSERT INTO sink.dropped_columns VALUES (1, 'kept', 'gone', 2);
        ALTER TABLE sink.dropped_columns DROP COLUMN gone, DROP COLUMN gone_too;
        INSERT INTO sink.unlogged SELECT i, 'u' || i FROM generate_series(1, 10) i;
        INSERT INTO sink.wide VALUES (1, repeat('wide ', 200000), repeat('z', 1000000)), (2, repeat(E'\\\t', 50000), NULL);
        INSERT INTO sink.by_method VALUES (1), (2);
        INSERT INTO sink.typed VALUES (1, 'typed');
        INSERT INTO sink.parent VALUES (1, 'p'), (2, NULL);
        INSERT INTO sink.child VALUES (-3, 'c', 1, 'own');
        INSERT INTO sink.grandchild VALUES (4, 'g', 1, 'own');
        INSERT INTO sink."line
        break" VALUES (1, 'x'), (2, E'\n');
        INSERT INTO sink."<script>alert('x')</script>" VALUES ('<img src=x onerror=alert(1)>'), ('</td>');
        INSERT INTO sink."quote""d; DROP TABLE sink.empty; --" VALUES (1, '''', 2, '"');
        INSERT INTO sink."UPPER" VALUES (1), (2);
        INSERT INTO sink."sixty-three bytes is the longest name that PostgreSQL keeps whole" VALUES (63);
        INSERT INTO "sink Ünïcode 日本"."таблица 🐘" VALUES ('значение', 1), ('🐘🐘', 2), (E'\u200b', 3);
        INSERT INTO sink."COPY x FROM stdin;" VALUES (1);
        INSERT INTO public.sink_in_public VALUES (1);
        INSERT INTO sink.by_range SELECT i, '2019-12-30'::date + i * 40 FROM generate_series(1, 40) i;
        INSERT INTO sink.by_list VALUES ('sad', 1), (NULL, 2), ('happy', 3);
        INSERT INTO sink.by_hash SELECT i, i::text FROM generate_series(1, 20) i;
        BEGIN;
        SET CONSTRAINTS ALL DEFERRED;
        INSERT INTO sink.hen VALUES (1, 1), (2, NULL);
        INSERT INTO sink.egg VALUES (1, 1), (2, 2);
        COMMIT;
        INSERT INTO sink.tree VALUES (3, NULL), (1, 3), (2, 1);
        INSERT INTO sink.to_partitioned SELECT id, day FROM sink.by_range LIMIT 5;
        ALTER TABLE sink.unchecked DISABLE TRIGGER ALL;
        INSERT INTO sink.unchecked VALUES (1, 999, 5);
        ALTER TABLE sink.unchecked ENABLE TRIGGER ALL;
        INSERT INTO sink.booking VALUES (1, '[2020-01-01,2020-01-02)', 'a'), (2, '[2020-01-01,2020-01-02)', 'b');
        INSERT INTO sink.uniques VALUES (1, NULL, 'x'), (2, 2, NULL);
        SELECT setval('sink.called', 23), setval('sink.odd', -7), setval('sink."Owned ""one"""', 5, false);

        SELECT lo_from_bytea(4242001, '\x00010203ff'), lo_from_bytea(4242002, ''),
            lo_from_bytea(4242003, convert_to(repeat('large object ', 20000), 'UTF8'));
        COMMENT ON LARGE OBJECT 4242001 IS 'a large object';
        ALTER LARGE OBJECT 4242001 OWNER TO sink_owner;
        GRANT SELECT ON LARGE OBJECT 4242002 TO sink_reader;
        """#

    /// Values that break readers of COPY's text format (PostgreSQL's manual, COPY, "Text Format").
    static let hardRows = #"""
        INSERT INTO sink.hard (id, value, bytes) VALUES
            (1, E'back\\slash', '\x5c'), (2, E'tab\there', '\x09'), (3, E'new\nline', '\x0a'), (4, E'carriage\rreturn', '\x0d'),
            (5, E'\r\n', '\x0d0a'), (6, '\.', '\x5c2e'), (7, E'\\.\n\\.', '\x5c2e0a'), (8, E'\\.\r\n', NULL), (9, '\N', NULL),
            (10, NULL, NULL), (11, '', ''), (12, E'\b\f\v\x01\x7f', '\x0001027f80ff'), (13, E'ends with backslash\\', NULL),
            (14, E'\n-- PostgreSQL database dump complete\n', NULL), (15, E'COPY t FROM stdin;\n1\n\\.\n', NULL),
            (16, E'\\connect postgres\n\\! touch /tmp/never', NULL), (17, ''';', NULL), (18, '$$', NULL), (19, '/* -- */', NULL),
            (20, repeat(E'\\', 1001), NULL), (21, repeat(E'\n', 1001), NULL), (22, '�𝄞é', NULL),
            (23, E'\\restrict x\n\\unrestrict x', NULL), (24, E'\\\\.', NULL), (25, E' \\. ', NULL),
            (26, E'NUL as bytea', '\x000000'), (27, E'\u0085\u2028\u2029', NULL), (28, '"quoted",csv', NULL);
        """#
}
