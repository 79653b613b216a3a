-- Readings of meters, for the peak of memory: as many bytes of SQL as one wants, made and loaded in little time, for there are
-- no foreign keys. Run by psql with -v rows=N: 1 000 rows are about 0.1 MB of SQL in a dump.

CREATE TABLE meters (id integer PRIMARY KEY, place text NOT NULL);
CREATE TABLE readings (
    id bigint NOT NULL, meter integer NOT NULL, taken_at timestamptz NOT NULL, value double precision NOT NULL,
    remark text) PARTITION BY HASH (id);
CREATE TABLE readings_0 PARTITION OF readings FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE readings_1 PARTITION OF readings FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE readings_2 PARTITION OF readings FOR VALUES WITH (MODULUS 3, REMAINDER 2);

INSERT INTO meters SELECT i, 'Place ' || i FROM generate_series(1, 10000) i;
INSERT INTO readings
    SELECT i, i % 10000 + 1, timestamptz '2026-01-01' + i * interval '1 second', i * 0.37,
        CASE WHEN i % 5 = 0 THEN E'read by hand\tat ' || md5(i::text) ELSE repeat(md5((i / 3)::text), 1 + i % 2) END
    FROM generate_series(1, :rows) i;
