/// A database with every kind of object that a catalog snapshot reads, small enough to be made for one test.
enum CatalogCorpus {
    static let roles = ["alice", "bob"]

    /// Roles belong to the whole server: made once, whoever comes first.
    static let rolesSQL = roles.map {
        "DO $$ BEGIN CREATE ROLE \($0); EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;"
    }
    .joined(separator: "\n")

    static let sql = #"""
        create extension if not exists hstore;
        create schema shop; comment on schema shop is 'it''s the shop'; create schema "we ird""x";
        create type shop.mood as enum ('sad','ok','it''s');
        create type shop.pair as (a int, b text collate "C");
        create domain shop.posint as int default 1 constraint pos check (value>0) not null;
        create type shop.floatr as range (subtype=float8, subtype_diff=float8mi);
        create collation shop.coll from "C";
        create table shop.a (id int generated always as identity primary key, note text default 'x', m shop.mood, p shop.pair, d shop.posint, gone int, r shop.floatr, n numeric(10,2) not null, g numeric generated always as (n*2) stored, arr int[] , t timestamptz default now(), h public.hstore, txt text collate shop.coll, unique(note, n)) with (fillfactor=70, toast.autovacuum_enabled=off);
        alter table shop.a drop column gone;
        alter table shop.a alter column note set storage external, alter column note set statistics 50;
        comment on column shop.a.note is 'multi
        line	tab \ back';
        create table shop.b (id serial primary key, a_id int references shop.a on delete cascade deferrable, k text check (length(k)>2), during int4range, exclude using gist (during with &&)) ;
        create unlogged table shop.u(x int);
        create table shop.part(k int, v text, constraint kpos check (k>=0)) partition by range(k);
        create table shop.part1 partition of shop.part for values from (0) to (10);
        create table shop.part2 partition of shop.part for values from (10) to (20) partition by hash(v);
        create table shop.part2a partition of shop.part2 for values with (modulus 2, remainder 0);
        create table shop.part2b partition of shop.part2 for values with (modulus 2, remainder 1);
        create table shop.partd partition of shop.part default;
        create table shop.ref(k int primary key); insert into shop.ref select generate_series(0,30);
        alter table shop.part add constraint fkref foreign key (k) references shop.ref;
        create index part_idx on shop.part(k,v); create unique index part_u on shop.part1(v);
        create table shop.parent(x int check (x>0), y text); create table shop.child(z int) inherits (shop.parent); alter table shop.parent add column w int default 4;
        create view shop.v as select a.id, a.note from shop.a where a.id > 2 with check option;
        create view shop.v2 with (security_barrier) as select v.id, b.k from shop.v join shop.b on b.a_id=v.id;
        create materialized view shop.mv as select count(*) c from shop.a; create unique index on shop.mv(c);
        create materialized view shop.mvn as select 1 as one with no data;
        create function shop.f(a int, b text default 'z') returns int language sql immutable as $$ select a + length(b) $$;
        create function shop.std(a int) returns int begin atomic select shop.f(a,'q'); end;
        create procedure shop.pr(inout x int) language plpgsql as $$ begin x := x+1; end $$;
        create function shop.trg() returns trigger language plpgsql as $$ begin new.note := coalesce(new.note,'t'); return new; end $$;
        create aggregate shop.mysum(int) (sfunc=int4pl, stype=int, initcond='0');
        create trigger trg before insert or update on shop.a for each row when (new.n > 5) execute function shop.trg();
        create function shop.ptrg() returns trigger language plpgsql as $$ begin return new; end $$;
        create trigger ptrg after insert on shop.part for each row execute function shop.ptrg();
        create constraint trigger ct after insert on shop.b deferrable initially deferred for each row execute function shop.ptrg();
        alter table shop.b disable trigger ct;
        create rule r1 as on delete to shop.u do instead nothing;
        alter table shop.a enable row level security; create policy p1 on shop.a for select to alice using (id > 1); create policy p2 on shop.a as restrictive to public using (exists (select 1 from shop.b where b.a_id = a.id));
        create operator shop.=== (leftarg=int, rightarg=int, function=int4eq, commutator= operator(shop.===));
        create cast (text as shop.mood) with inout as assignment;
        create text search dictionary shop.dict (template=simple, accept=false);
        create text search configuration shop.cfg (copy=pg_catalog.english); alter text search configuration shop.cfg alter mapping for asciiword with shop.dict;
        create foreign data wrapper fw options (debug 'true'); create server srv foreign data wrapper fw options (host 'h', passwordx 'secret'); create user mapping for alice server srv options (user 'u', password 'verysecret');
        create foreign table shop.ft (x int options (col 'y')) server srv options (tab 'q');
        create publication pub for table shop.a (id, note) where (id > 3), shop.b; create publication puball for all tables; create publication pubs for tables in schema shop;
        create subscription sub connection 'host=nowhere password=x' publication p with (connect=false, enabled=false, slot_name=none);
        create statistics shop.st (dependencies) on id, note from shop.a;
        create function evf() returns event_trigger language plpgsql as $$ begin end $$;
        create event trigger ev on ddl_command_end when tag in ('CREATE TABLE') execute function evf();
        create sequence shop.s increment 5 start 10 maxvalue 1000 cycle; select nextval('shop.s'), nextval('shop.s');
        grant select on shop.a to alice with grant option; grant update (note) on shop.a to bob; revoke execute on function shop.f(int,text) from public; grant usage on schema shop to bob; grant all on table shop.b to bob; grant usage on sequence shop.s to alice; set role alice; reset role;
        alter default privileges in schema shop grant select on tables to bob; alter default privileges for role alice grant execute on functions to bob; alter default privileges revoke all on functions from public;
        alter table shop.u owner to alice; alter schema "we ird""x" owner to bob;
        create table "we ird""x"."tä b
        l" ("c'ol" text, "select" int);
        comment on table "we ird""x"."tä b
        l" is 'ü';
        create operator class shop.oc for type int4 using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(int4,int4);
        create conversion shop.conv for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
        select lo_from_bytea(0,'abc'); 
        alter table shop.b replica identity full; alter table shop.a cluster on a_pkey;
        insert into shop.a(note,n,m,d) values ('one',1,'ok',3),('two',7,'sad',4); insert into shop.b(a_id,k) select id,'abc' from shop.a; insert into shop.part select g,'v'||g from generate_series(0,25) g;
        refresh materialized view shop.mv;
        revoke all on function pg_catalog.pg_sleep(float8) from public; grant execute on function pg_catalog.pg_sleep(float8) to bob;
        """#
}
