import Testing

@testable import PostgreSQL

/// Real output of the programs of PostgreSQL 15.
@Suite struct ClientMessagesTests {
    @Test func readsPgRestore() {
        let messages = RestoreMessages(
            """
            pg_restore: error: could not execute query: ERROR:  relation "t" already exists
            Command was: CREATE TABLE public.t (
                a integer NOT NULL,
                b text
            );


            pg_restore: error: COPY failed for table "t": ERROR:  invalid input syntax for type date: "x"
            CONTEXT:  COPY t, line 1, column b: "x"
            pg_restore: error: could not execute query: ERROR:  permission denied to change owner of event trigger "e"
            HINT:  The owner of an event trigger must be a superuser.
            Command was: ALTER EVENT TRIGGER e OWNER TO r;


            pg_restore: warning: errors ignored on restore: 3

            """)
        #expect(messages.ignored == 3)
        #expect(messages.fatal == nil)
        #expect(messages.errors.count == 3)
        #expect(messages.errors[0].error.message == "relation \"t\" already exists")
        #expect(messages.errors[0].command?.hasPrefix("CREATE TABLE public.t (\n    a integer") == true)
        #expect(messages.errors[1].copyTable == "t")
        #expect(messages.errors[1].error.context == "COPY t, line 1, column b: \"x\"")
        #expect(messages.errors[2].error.hint == "The owner of an event trigger must be a superuser.")
    }

    @Test func readsTheEndOfPgRestore() {
        let messages = RestoreMessages("pg_restore: error: could not read from input file: end of file\n")
        #expect(messages.fatal == "could not read from input file: end of file")
        #expect(messages.errors.isEmpty)
    }

    @Test func readsPsql() {
        let messages = PsqlMessages(
            """
            psql:<stdin>:3: NOTICE:  00000: just so
            psql:<stdin>:12: ERROR:  42704: type "nope" does not exist
            LINE 2:     a nope
                          ^
            LOCATION:  typenameType, parse_type.c:270
            psql:<stdin>:20: ERROR:  22P02: invalid input syntax for type integer: "x"
            CONTEXT:  COPY t, line 1, column a: "x"
            LOCATION:  pg_strtoint32, numutils.c:320
            psql:<stdin>:31: error: \\connect: connection to server failed

            """)
        #expect(messages.errors.map(\.line) == [12, 20])
        #expect(messages.errors.map(\.error.sqlstate) == ["42704", "22P02"])
        #expect(messages.errors[1].error.context == "COPY t, line 1, column a: \"x\"")
        #expect(messages.others.count == 1)
    }

    @Test(arguments: [
        ("COPY public.t (a) FROM stdin;\n", "t"), ("COPY \"S x\".\"T y\" (a) FROM stdin;\n", "T y"),
        ("CREATE TABLE t ()", nil),
    ])
    func findsTheTableOfACopy(command: String, table: String?) {
        #expect(RestoreRetry.copiedTable(command) == table)
    }

    @Test func knowsACutStatementAgain() {
        let whole =
            "CREATE TABLE public.t (\n    a integer NOT NULL,\n" + String(repeating: "    b text,\n", count: 40) + ")"
        let cut = String(whole.prefix(124)) + "..."
        #expect(RestoreRetry.key(whole) == RestoreRetry.key(cut))
        #expect(RestoreRetry.key("CREATE TABLE a ();\n\n\n") == RestoreRetry.key("CREATE TABLE a ()"))
    }
}
