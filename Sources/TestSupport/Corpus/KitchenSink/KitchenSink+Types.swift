extension KitchenSink {
    static let schemas = #"""
        CREATE SCHEMA sink AUTHORIZATION sink_owner;
        COMMENT ON SCHEMA sink IS 'everything; and a quote '' and a backslash \ and
        a new line';
        CREATE SCHEMA "sink Ünïcode 日本";
        CREATE SCHEMA sink_extensions;
        CREATE EXTENSION hstore SCHEMA sink_extensions;
        CREATE EXTENSION citext SCHEMA sink_extensions;
        CREATE EXTENSION pg_trgm SCHEMA sink_extensions;
        CREATE EXTENSION file_fdw;
        CREATE EXTENSION postgres_fdw;
        COMMENT ON EXTENSION hstore IS 'a comment of our own on an extension';
        CREATE COLLATION sink.by_byte (PROVIDER = libc, LOCALE = 'C');
        COMMENT ON COLLATION sink.by_byte IS 'bytes';
        """#

    static let types = #"""
        CREATE TYPE sink.mood AS ENUM ('sad', 'ok', 'it''s "fine"', 'zażółć', 'happy');
        ALTER TYPE sink.mood ADD VALUE 'meh' BEFORE 'ok';
        COMMENT ON TYPE sink.mood IS 'how it goes';
        CREATE TYPE sink.empty_enum AS ENUM ();
        CREATE TYPE sink.address AS (street text COLLATE "C", "house number" integer, moods sink.mood[]);
        COMMENT ON COLUMN sink.address."house number" IS 'a column of a composite type';
        CREATE TYPE sink.empty_composite AS ();
        CREATE DOMAIN sink.positive AS integer DEFAULT 1 NOT NULL
            CONSTRAINT is_positive CHECK (VALUE > 0) CHECK (VALUE < 2000000000);
        ALTER DOMAIN sink.positive ADD CONSTRAINT not_thirteen CHECK (VALUE <> 13) NOT VALID;
        COMMENT ON CONSTRAINT is_positive ON DOMAIN sink.positive IS 'more than nothing';
        CREATE DOMAIN sink.code AS text COLLATE sink.by_byte CHECK (VALUE ~ '^[A-Z\\]+$');
        CREATE DOMAIN sink.places AS sink.address[];
        CREATE TYPE sink.float_range AS RANGE (
            SUBTYPE = float8, SUBTYPE_DIFF = float8mi, MULTIRANGE_TYPE_NAME = sink.float_ranges);
        CREATE TYPE sink.shell;

        -- A base type out of the server's own functions.
        CREATE TYPE sink.number;
        CREATE FUNCTION sink.number_in(cstring) RETURNS sink.number LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
        CREATE FUNCTION sink.number_out(sink.number) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
        CREATE TYPE sink.number (INPUT = sink.number_in, OUTPUT = sink.number_out, LIKE = integer, CATEGORY = 'N');
        CREATE CAST (sink.number AS integer) WITHOUT FUNCTION AS IMPLICIT;
        CREATE CAST (integer AS sink.number) WITHOUT FUNCTION AS ASSIGNMENT;
        COMMENT ON CAST (sink.number AS integer) IS 'same bits';
        CREATE CAST (sink.mood AS text) WITH INOUT;
        """#

    static let functions = #"""
        CREATE FUNCTION sink.add(a integer, b integer DEFAULT 1, VARIADIC rest integer[] DEFAULT '{}') RETURNS integer
            LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 3
            AS $$ SELECT a + b + coalesce((SELECT sum(r)::int FROM unnest(rest) r), 0) $$;
        COMMENT ON FUNCTION sink.add IS 'adds';
        CREATE FUNCTION sink.standard(n integer) RETURNS integer LANGUAGE sql IMMUTABLE
            BEGIN ATOMIC SELECT n * 2; SELECT CASE WHEN n > 0 THEN n ELSE 0 END; END;
        CREATE FUNCTION sink.one_line(n integer) RETURNS integer IMMUTABLE RETURN n + 1;
        -- A body that looks like a dump to those who don't read quotes.
        CREATE FUNCTION sink.trap() RETURNS text LANGUAGE plpgsql AS $_$
        DECLARE
            inner_text text := $$
        COPY sink.nothing (a) FROM stdin;
        1
        \.
        --
        -- PostgreSQL database dump complete
        --
        $$;
        BEGIN
            -- it's; "fine /* and
            RETURN inner_text || '\' || E'\'' || $q$;$q$ /* nested /* comment; */ '*/ ;
        END $_$;
        CREATE FUNCTION sink."odd ""name"";
        SELECT 1;"("a ""b""" text) RETURNS text LANGUAGE sql RETURN "a ""b""";
        CREATE FUNCTION sink.table_function(OUT a integer, OUT b text) RETURNS SETOF record LANGUAGE sql ROWS 7
            AS 'SELECT 1, ''x'' UNION ALL SELECT 2, E''\\''''''';
        CREATE FUNCTION sink.configured() RETURNS text LANGUAGE plpgsql SECURITY DEFINER
            SET search_path TO sink, pg_temp SET work_mem TO '8MB' AS 'BEGIN RETURN current_setting(''work_mem''); END';
        CREATE PROCEDURE sink.work(INOUT n integer) LANGUAGE plpgsql AS $$ BEGIN n := n + 1; END $$;
        COMMENT ON PROCEDURE sink.work IS 'does';
        CREATE FUNCTION sink.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
        CREATE FUNCTION sink.after_statement() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;

        CREATE AGGREGATE sink.total(integer) (
            SFUNC = int4pl, STYPE = integer, INITCOND = '0', COMBINEFUNC = int4pl, MSFUNC = int4pl, MINVFUNC = int4mi,
            MSTYPE = integer, MINITCOND = '0', PARALLEL = SAFE);
        COMMENT ON AGGREGATE sink.total(integer) IS 'sums';
        CREATE AGGREGATE sink.middle(float8 ORDER BY float8) (
            SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_cont_float8_final);
        CREATE FUNCTION sink.near(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE
            RETURN abs($1 - $2) < 2;
        CREATE OPERATOR sink.=~= (LEFTARG = integer, RIGHTARG = integer, FUNCTION = sink.near, COMMUTATOR = OPERATOR(sink.=~=),
            RESTRICT = eqsel, JOIN = eqjoinsel);
        COMMENT ON OPERATOR sink.=~= (integer, integer) IS 'almost';
        CREATE FUNCTION sink.compare(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE
            RETURN CASE WHEN $1 > $2 THEN -1 WHEN $1 < $2 THEN 1 ELSE 0 END;
        CREATE OPERATOR FAMILY sink.backwards USING btree;
        CREATE OPERATOR CLASS sink.backwards_int FOR TYPE integer USING btree FAMILY sink.backwards AS
            OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 sink.compare(integer, integer);
        CREATE ACCESS METHOD sink_heap TYPE TABLE HANDLER heap_tableam_handler;
        COMMENT ON ACCESS METHOD sink_heap IS 'heap by another name';
        -- Handlers of its own: pg_dump writes a language whose handler lies in pg_catalog so that it does not restore.
        CREATE FUNCTION sink.handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
        CREATE FUNCTION sink.inline(internal) RETURNS void LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_inline_handler';
        CREATE TRUSTED LANGUAGE sink_language HANDLER sink.handler INLINE sink.inline;
        CREATE FUNCTION sink.in_language() RETURNS integer LANGUAGE sink_language AS 'BEGIN RETURN 1; END';
        CREATE CONVERSION sink.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
        CREATE TRANSFORM FOR integer LANGUAGE sink_language (FROM SQL WITH FUNCTION pg_catalog.prsd_lextype(internal));
        """#
}
