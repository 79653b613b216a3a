import Backups
import Integrity
import TestSupport
import Testing

@testable import PostgreSQL

/// What plain dumps may hold, good and bad, each with one connection and with several.
@Suite(.serialized)
struct PlainFindingTests {
    static func load(_ body: String, jobs: Int, _ change: (inout LoadOptions) -> Void = { _ in }) throws -> LoadOutcome
    {
        let server = try TestServer.shared()
        var options = LoadOptions(jobs: jobs, database: try server.createDatabase().name)
        change(&options)
        return try LoadSupport.load(try LoadSupport.scan(text: LoadSupport.framed(body)), on: server, options)
    }

    struct Example: Sendable, CustomStringConvertible {
        let body: String
        let verdict: Verdict
        let reasons: [Reason]
        let description: String

        init(_ description: String, _ verdict: Verdict, _ reasons: [Reason], _ body: String) {
            (self.description, self.verdict, self.reasons, self.body) = (description, verdict, reasons, body)
        }

        static let all = [
            Example(
                "good", .verified, [], "CREATE TABLE public.t (a int);\nCOPY public.t (a) FROM stdin;\n1\n2\n\\.\n"),
            Example(
                "a broken row", .failed, [.dataRejected],
                "CREATE TABLE public.t (a int);\nCOPY public.t (a) FROM stdin;\n1\nx\n\\.\n"),
            Example(
                "a broken insert among good ones", .failed, [.dataRejected],
                "CREATE TABLE public.t (a int);\nINSERT INTO public.t VALUES (1);\nINSERT INTO public.t VALUES ('x');\n"
                    + "INSERT INTO public.t VALUES (3);\n"),
            Example(
                "the same row twice", .failed, [.constraintViolated],
                "CREATE TABLE public.t (a int);\nCOPY public.t (a) FROM stdin;\n1\n1\n\\.\n\n"
                    + "ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (a);\n"),
            Example(
                "a missing table", .failed, [.objectMissing, .objectMissing],
                "COPY public.nowhere (a) FROM stdin;\n1\n\\.\nCREATE INDEX i ON public.nowhere USING btree (a);\n"
                    + "CREATE TABLE public.other (a int);\n"),
            Example(
                "a missing extension and what needs it", .inconclusive,
                [.extensionMissing, .extensionMissing, .extensionMissing],
                "CREATE EXTENSION IF NOT EXISTS nope WITH SCHEMA public;\nCREATE TABLE public.t (a public.nope_type);\n"
                    + "COPY public.t (a) FROM stdin;\n1\n\\.\n"),
            Example(
                "a missing extension beside a broken row", .failed, [.extensionMissing, .dataRejected],
                "CREATE EXTENSION IF NOT EXISTS nope WITH SCHEMA public;\nCREATE TABLE public.t (a int);\n"
                    + "COPY public.t (a) FROM stdin;\nx\n\\.\n"),
            Example(
                "a library that must be preloaded", .inconclusive, [.extensionMissing],
                "DO $$ BEGIN RAISE SQLSTATE '55000' USING MESSAGE = 'x must be in shared_preload_libraries'; END $$;\n"),
            Example(
                "a command of psql", .inconclusive, [.metaCommandRefused],
                "CREATE TABLE public.t (a int);\n\\! touch /tmp/restorable-was-here\n"),
            Example(
                "an unreachable foreign server", .inconclusive, [.connectionFailed],
                "DO $$ BEGIN RAISE SQLSTATE '08001' USING MESSAGE = 'could not connect'; END $$;\n"),
            Example(
                "a locale of another machine", .inconclusive, [.localeMissing],
                "CREATE COLLATION public.c (provider = libc, locale = 'xx_XX.utf8');\n"),
            Example("a statement cut in two", .failed, [.statementFailed], "CREATE TABLE public.t (a int,);\n"),
        ]
    }

    @Test(arguments: Example.all, [1, 3])
    func saysWhatIsWrong(_ example: Example, jobs: Int) throws {
        let outcome = try Self.load(example.body, jobs: jobs)
        #expect(outcome.checks.map(\.verdict) == [example.verdict])
        #expect(outcome.findings.map(\.reason) == example.reasons)
        #expect(outcome.findings.allSatisfy { $0.location?.line != nil })
    }

    @Test(arguments: [1, 3])
    func loadsTheInsertsAroundABrokenOne(jobs: Int) throws {
        let rows = (1...1500).map { "INSERT INTO public.t VALUES (\($0 == 777 ? "'x'" : "\($0)"));" }
        let outcome = try Self.load("CREATE TABLE public.t (a int);\n\(rows.joined(separator: "\n"))", jobs: jobs)
        #expect(outcome.rowsLoaded == [TableName(schema: "public", name: "t"): 1499])
        #expect(outcome.findings.map(\.statement) == ["INSERT INTO public.t VALUES ('x')"])
        // The body begins at line 11 of what `framed` makes.
        #expect(outcome.findings.first?.location?.line == 11 + 777)
    }

    @Test(arguments: [1, 3])
    func anIgnoredExtensionIsLeftOut(jobs: Int) throws {
        let outcome = try Self.load(
            "CREATE EXTENSION IF NOT EXISTS nope WITH SCHEMA public;\nCOMMENT ON EXTENSION nope IS 'x';\n"
                + "CREATE TABLE public.t (a int);\n", jobs: jobs
        ) { $0.ignoredExtensions = ["nope"] }
        #expect(outcome.checks.map(\.verdict) == [.verified])
        #expect(outcome.checks.first?.details.contains { $0.contains("nope") } == true)
    }

    /// A tablespace lies where production's does: nothing is ever written there.
    @Test(arguments: [1, 3])
    func tablespacesLieInScratch(jobs: Int) throws {
        let directory = try TemporaryDirectory()
        let outcome = try Self.load(
            "CREATE TABLESPACE space_\(jobs) LOCATION '\(directory.path)';\nSET default_tablespace = lost_\(jobs);\n"
                + "CREATE TABLE public.t (a int);\n", jobs: jobs)
        #expect(outcome.findings == [])
        #expect(outcome.createdTablespaces == ["lost_\(jobs)"])
        #expect(try TestFile.names(in: directory.path).isEmpty)
    }

    /// A trigger that swallows rows leaves no error at all.
    @Test(arguments: [1, 3])
    func rowsThatTheServerDoesNotTakeAreFound(jobs: Int) throws {
        let outcome = try Self.load(
            """
            CREATE TABLE public.t (a int);
            CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
            CREATE TRIGGER swallow BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.f();
            COPY public.t (a) FROM stdin;
            1
            2
            \\.
            """, jobs: jobs)
        #expect(outcome.findings.map(\.reason) == [.rowsDiffer])
    }

    @Test(arguments: [1, 3])
    func restoresASelection(jobs: Int) throws {
        let source = try NativeLoaderTests.Sources.shop.get()
        let directory = try TemporaryDirectory()
        let dump = try LoadSupport.scan(try source.dump(to: directory.file("dump.sql")))
        let orders = TableName(schema: "public", name: "orders")
        let customers = TableName(schema: "public", name: "customers")
        let outcome = try LoadSupport.load(
            dump, on: source.server,
            LoadOptions(jobs: jobs, database: "selection_\(jobs)", tables: [orders, customers]))
        #expect(outcome.findings == [])
        #expect(Set(outcome.rowsLoaded.keys) == [orders, customers])
        let restored = TestDatabase(server: source.server, name: "selection_\(jobs)")
        let tables = try restored.query(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 2200 ORDER BY 1")
        #expect(tables == "customers\norders")
        #expect(try restored.query("SELECT count(*) FROM pg_constraint WHERE contype = 'f'") == "1")
        let whole = try LoadSupport.text(of: source, ["-t", "orders", "-t", "customers"])
        #expect(
            LoadSupport.difference(whole, try LoadSupport.text(of: restored, ["-t", "orders", "-t", "customers"]))
                == nil)
    }

    @Test func restoresAPartitionedTableWithItsPartitions() throws {
        let source = try NativeLoaderTests.Sources.shop.get()
        let directory = try TemporaryDirectory()
        let dump = try LoadSupport.scan(try source.dump(to: directory.file("dump.sql")))
        let outcome = try LoadSupport.load(
            dump, on: source.server,
            LoadOptions(jobs: 2, database: "partitions", tables: [TableName(schema: "public", name: "events")]))
        #expect(outcome.findings == [])
        let restored = TestDatabase(server: source.server, name: "partitions")
        let count = "SELECT count(*) FROM events"
        #expect(try restored.query(count) == source.query(count))
        #expect(try source.query(count) != "0")
    }
}
