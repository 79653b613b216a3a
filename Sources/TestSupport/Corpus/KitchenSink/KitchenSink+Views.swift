extension KitchenSink {
    static let views = #"""
        CREATE VIEW sink.simple AS SELECT id, hash FROM sink.many WHERE bucket = 1;
        COMMENT ON VIEW sink.simple IS 'a view';
        COMMENT ON COLUMN sink.simple.hash IS 'a column of a view';
        CREATE VIEW sink.checked WITH (security_barrier, check_option = cascaded) AS SELECT * FROM sink.tree WHERE id < 1000;
        CREATE VIEW sink.invoker WITH (security_invoker) AS SELECT * FROM sink.hard;
        ALTER VIEW sink.checked ALTER COLUMN id SET DEFAULT 77;
        CREATE RECURSIVE VIEW sink.up (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM up WHERE n < 5;
        -- Needs the primary key, so that it is dumped in two steps.
        CREATE VIEW sink.grouped AS SELECT id, parent, count(*) FROM sink.tree GROUP BY id;
        CREATE FUNCTION sink.uses_view(v sink.grouped) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT v.count; END;
        CREATE MATERIALIZED VIEW sink.filled AS SELECT bucket, count(*) FROM sink.many GROUP BY bucket;
        CREATE UNIQUE INDEX filled_bucket ON sink.filled (bucket);
        CREATE MATERIALIZED VIEW sink.not_filled AS SELECT 1 AS a WITH NO DATA;
        CREATE MATERIALIZED VIEW sink.of_filled AS SELECT sum(count) FROM sink.filled;
        COMMENT ON MATERIALIZED VIEW sink.filled IS 'a materialized view';
        """#

    static let behaviour = #"""
        CREATE RULE instead AS ON INSERT TO sink.simple DO INSTEAD INSERT INTO sink.many VALUES (NEW.id, NEW.hash, 1);
        CREATE RULE also AS ON DELETE TO sink.parent DO ALSO SELECT 1;
        ALTER TABLE sink.parent DISABLE RULE also;
        COMMENT ON RULE instead ON sink.simple IS 'a rule';
        CREATE TRIGGER before_row BEFORE INSERT OR UPDATE OF value ON sink.hard FOR EACH ROW WHEN (NEW.id > 0)
            EXECUTE FUNCTION sink.touch('an argument', '\', '''');
        CREATE TRIGGER after_statement AFTER UPDATE ON sink.many REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION sink.after_statement();
        CREATE CONSTRAINT TRIGGER checked_later AFTER INSERT ON sink.tree DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION sink.touch();
        CREATE TRIGGER in_place INSTEAD OF UPDATE ON sink.invoker FOR EACH ROW EXECUTE FUNCTION sink.touch();
        CREATE TRIGGER on_partitioned BEFORE INSERT ON sink.by_range FOR EACH ROW EXECUTE FUNCTION sink.touch();
        ALTER TABLE sink.by_range_2020 DISABLE TRIGGER on_partitioned;
        CREATE TRIGGER always AFTER INSERT ON sink.typed FOR EACH ROW EXECUTE FUNCTION sink.touch();
        ALTER TABLE sink.typed ENABLE ALWAYS TRIGGER always;
        CREATE TRIGGER replica AFTER INSERT ON sink.child FOR EACH ROW EXECUTE FUNCTION sink.touch();
        ALTER TABLE sink.child ENABLE REPLICA TRIGGER replica;
        COMMENT ON TRIGGER before_row ON sink.hard IS 'a trigger';

        ALTER TABLE sink.hen ENABLE ROW LEVEL SECURITY;
        ALTER TABLE sink.egg ENABLE ROW LEVEL SECURITY;
        ALTER TABLE sink.egg FORCE ROW LEVEL SECURITY;
        CREATE POLICY readers ON sink.hen AS PERMISSIVE FOR SELECT TO sink_reader USING (id > 0);
        CREATE POLICY restrictive ON sink.egg AS RESTRICTIVE FOR ALL USING (id <> 13) WITH CHECK (id < 1000);
        COMMENT ON POLICY readers ON sink.hen IS 'a policy';

        CREATE FUNCTION sink.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
        CREATE EVENT TRIGGER sink_ddl ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE')
            EXECUTE FUNCTION sink.on_ddl();
        ALTER EVENT TRIGGER sink_ddl DISABLE;
        COMMENT ON EVENT TRIGGER sink_ddl IS 'an event trigger';
        """#

    static let textSearch = #"""
        CREATE TEXT SEARCH PARSER sink.parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
            LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
        CREATE TEXT SEARCH TEMPLATE sink.template (INIT = dsimple_init, LEXIZE = dsimple_lexize);
        CREATE TEXT SEARCH DICTIONARY sink.dictionary (TEMPLATE = sink.template, ACCEPT = false);
        CREATE TEXT SEARCH CONFIGURATION sink.search (PARSER = sink.parser);
        ALTER TEXT SEARCH CONFIGURATION sink.search ADD MAPPING FOR asciiword, word WITH sink.dictionary, english_stem;
        COMMENT ON TEXT SEARCH CONFIGURATION sink.search IS 'a configuration';
        COMMENT ON TEXT SEARCH DICTIONARY sink.dictionary IS 'a dictionary';
        """#

    static let outside = #"""
        CREATE SERVER sink_files FOREIGN DATA WRAPPER file_fdw;
        CREATE FOREIGN TABLE sink.file (a integer OPTIONS (force_null 'true'), b text NOT NULL) SERVER sink_files
            OPTIONS (filename '/dev/null', format 'csv');
        CREATE FOREIGN DATA WRAPPER sink_wrapper OPTIONS (debug 'true');
        CREATE SERVER sink_remote TYPE 'kind' VERSION '1' FOREIGN DATA WRAPPER postgres_fdw
            OPTIONS (host '/nowhere', dbname 'o''hara');
        CREATE USER MAPPING FOR sink_reader SERVER sink_remote OPTIONS (user 'u', password 'not a secret');
        CREATE FOREIGN TABLE sink.remote (a integer OPTIONS (column_name 'A'), CHECK (a > 0)) SERVER sink_remote
            OPTIONS (schema_name 's', table_name 't');
        COMMENT ON SERVER sink_remote IS 'nowhere';
        COMMENT ON FOREIGN TABLE sink.remote IS 'a foreign table';
        CREATE PUBLICATION sink_some FOR TABLE sink.tree (id, parent) WHERE (id > 1), TABLE ONLY sink.parent
            WITH (publish = 'insert, update');
        CREATE PUBLICATION sink_all FOR ALL TABLES;
        CREATE PUBLICATION sink_schema FOR TABLES IN SCHEMA sink_extensions;
        COMMENT ON PUBLICATION sink_some IS 'a publication';
        CREATE SUBSCRIPTION sink_subscription CONNECTION 'host=/nowhere dbname=none' PUBLICATION p
            WITH (connect = false, enabled = false, slot_name = NONE);
        """#

    static let privileges = #"""
        ALTER TABLE sink.tree OWNER TO sink_owner;
        ALTER FUNCTION sink.standard(integer) OWNER TO "Sink ""Ünïcode"" Role";
        GRANT USAGE ON SCHEMA sink TO PUBLIC;
        GRANT SELECT, INSERT ON sink.tree TO sink_reader WITH GRANT OPTION;
        GRANT SELECT (id), UPDATE (value) ON sink.hard TO sink_reader, "Sink ""Ünïcode"" Role";
        REVOKE EXECUTE ON FUNCTION sink.trap() FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION sink.trap() TO sink_reader;
        GRANT USAGE ON SEQUENCE sink.odd TO sink_reader;
        GRANT USAGE ON TYPE sink.mood TO sink_reader;
        REVOKE USAGE ON LANGUAGE sink_language FROM PUBLIC;
        GRANT USAGE ON FOREIGN SERVER sink_remote TO sink_reader;
        ALTER DEFAULT PRIVILEGES IN SCHEMA sink GRANT SELECT ON TABLES TO sink_reader;
        ALTER DEFAULT PRIVILEGES FOR ROLE sink_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
        ALTER DEFAULT PRIVILEGES FOR ROLE sink_owner IN SCHEMA sink GRANT USAGE ON SEQUENCES TO PUBLIC;
        """#

    /// What PostgreSQL 16 to 18 brought.
    static let sinceEighteen = #"""
        CREATE TABLE sink.computed (a integer, twice integer GENERATED ALWAYS AS (a * 2) VIRTUAL);
        INSERT INTO sink.computed VALUES (1), (2);
        CREATE TABLE sink.named_not_null (a integer CONSTRAINT a_is_there NOT NULL NO INHERIT);
        CREATE TABLE sink.not_enforced (a integer, CONSTRAINT loose CHECK (a > 0) NOT ENFORCED);
        INSERT INTO sink.not_enforced VALUES (-1);
        CREATE TABLE sink.temporal (during daterange, id int4range, PRIMARY KEY (id, during WITHOUT OVERLAPS));
        INSERT INTO sink.temporal VALUES ('[2020-01-01,2021-01-01)', '[1,2)'), ('[2021-01-01,2022-01-01)', '[1,2)');
        """#

    /// What depends on the rest.
    static let last = #"""
        REFRESH MATERIALIZED VIEW sink.filled;
        REFRESH MATERIALIZED VIEW sink.of_filled;
        """#
}
