import TestSupport
import Testing

/// Dumps that somebody changed, or joined, so that other rows come back than they hold, or none can say which: never
/// verified. What changes nothing is verified before.
@Suite(.serialized) struct AlteredDumpsTests {
    struct Change: Sendable, CustomStringConvertible {
        let description: String
        let status: Int32
        /// Of the verdict, one of these.
        let reasons: [String]
        let edit: @Sendable (String) -> String

        init(
            _ description: String, _ status: Int32, _ reasons: [String], _ edit: @escaping @Sendable (String) -> String
        ) {
            (self.description, self.status, self.reasons, self.edit) = (description, status, reasons, edit)
        }
    }

    private static let end = "--\n-- PostgreSQL database dump complete\n"
    private static let orders = "COPY public.orders"

    private static func atEnd(_ sql: String) -> @Sendable (String) -> String {
        { $0.replacing(end, with: "\(sql)\n\n\(end)") }
    }

    private static func beforeOrders(_ sql: String) -> @Sendable (String) -> String {
        { $0.replacing(orders, with: "\(sql)\n\n\(orders)") }
    }

    static let changes = [
        Change("a statement that changes nothing", 0, [], atEnd("SELECT 1;")),
        Change("a byte order mark", 0, []) { "\u{feff}" + $0 },
        Change("CR LF", 0, []) { $0.replacing("\n", with: "\r\n") },
        Change("another search path", 0, []) {
            $0.replacing(orders, with: "SET search_path = public;\nCOPY orders")
        },
        Change("COMMIT", 0, []) { atEnd("COMMIT;")(beforeOrders("BEGIN;")($0)) },
        Change("ROLLBACK", 1, ["rows-differ"]) { atEnd("ROLLBACK;")(beforeOrders("BEGIN;")($0)) },
        Change("no COMMIT", 1, ["rows-differ"], beforeOrders("BEGIN;")),
        Change("a table that is dropped", 1, ["rows-differ"], atEnd("DROP TABLE public.orders;")),
        Change("an empty table that is dropped", 1, ["rows-differ"]) {
            atEnd("DROP TABLE public.no_rows;")(beforeOrders("CREATE TABLE public.no_rows (x integer);")($0))
        },
        Change("rows that are deleted", 1, ["rows-differ"], atEnd("DELETE FROM public.orders WHERE id < 9;")),
        Change("TRUNCATE", 1, ["rows-differ"], atEnd("TRUNCATE public.orders;")),
        Change(
            "rows that code adds", 1, ["rows-differ"],
            atEnd("DO $$BEGIN INSERT INTO public.users VALUES (99, ''); END$$;")),
        Change("rows that a query adds", 2, ["unknown-format"], atEnd("INSERT INTO public.orders SELECT 999;")),
        Change("rows that are refused quietly", 1, ["rows-differ"]) {
            atEnd("INSERT INTO public.users VALUES (1, 'one') ON CONFLICT DO NOTHING;")($0)
        },
        Change("a trigger that drops rows", 1, ["rows-differ"]) {
            beforeOrders(
                "CREATE FUNCTION public.none() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';\n"
                    + "CREATE TRIGGER none BEFORE INSERT ON public.orders FOR EACH ROW EXECUTE FUNCTION public.none();")(
                    $0)
        },
        Change("rows that go into a table that hides another", 1, ["rows-differ", "constraint-violated"]) {
            $0.replacing(
                orders, with: "CREATE TEMP TABLE orders (LIKE public.orders);\nSET search_path = public;\nCOPY orders")
        },
        Change("a search path that code sets", 1, ["rows-differ", "object-missing"]) {
            $0.replacing(
                orders,
                with: "CREATE TABLE public.other (LIKE public.orders);\nCREATE SCHEMA o;\n"
                    + "CREATE TABLE o.orders (LIKE public.orders);\n"
                    + "DO $$BEGIN PERFORM set_config('search_path', 'o', false); END$$;\nCOPY orders")
        },
        Change("blocks that psql leaves out", 2, ["meta-command-refused"]) {
            atEnd("\\endif")(beforeOrders("\\if false")($0))
        },
        Change("a connection elsewhere", 2, ["meta-command-refused"], beforeOrders("\\connect elsewhere")),
        Change("large objects that are unlinked", 1, ["rows-differ"]) {
            atEnd("SELECT lo_unlink(oid) FROM pg_largeobject_metadata;")(
                $0.replacing(orders, with: "SELECT pg_catalog.lo_create('77777');\n\n\(orders)"))
        },
        Change("large objects that stay", 0, []) {
            $0.replacing(orders, with: "SELECT pg_catalog.lo_create('77777');\n\n\(orders)")
        },
        Change("all rows in a comment, beside a large object", 2, ["empty"]) {
            atEnd("*/")(beforeOrders("SELECT pg_catalog.lo_create('77777');\n\n/*")($0))
        },
        Change("the dump twice", 1, ["statement-failed", "rows-differ", "constraint-violated"]) { $0 + $0 },
        Change("CR LF in one block", 1, ["data-rejected"]) {
            $0.replacing("\tuser 7\n", with: "\tuser 7\r\n")
        },
        Change("a letter of another encoding in UTF-16", 2, ["unsupported-format", "unknown-format"]) {
            String($0.flatMap { [$0, "\0"] })
        },
    ]

    private let shop: RestoredShop
    private let text: String

    init() throws {
        shop = try RestoredShop()
        text = try TestFile.text(try shop.dump())
    }

    @Test(arguments: changes, [[], ["--loader", "psql"]])
    func rowsOfTheDumpAreThoseRestored(change: Change, loader: [String]) throws {
        let changed = change.edit(text)
        try #require(changed != text)
        let path = try shop.directory.write(changed, to: "changed.sql")
        let result = try RestoredShop.verify(["--json"] + loader + [path])
        #expect(result.status == change.status, "\(change): \(result.outputText)")
        guard change.status != 0 else { return }
        let reason = try #require(result.outputText.firstMatch(of: /"verdict":"\w+","reason":"([a-z-]+)"/)).1
        #expect(change.reasons.contains(String(reason)), "\(change): \(result.outputText)")
    }

    /// Fewer rows with the trailer in place are no fault that a dump can show. Its manifest can.
    @Test func rowsThatAreGoneAreSeenByTheManifest() throws {
        let path = shop.directory.file("shop.sql.gz")
        try #require(try Restorable.run(["dump", shop.database.conninfo, path]).status == 0)
        #expect(try RestoredShop.verify([path]).status == 0)
        let whole = try Tool.run("/usr/bin/env", ["zcat", path]).outputText
        let less = whole.replacing(/\n50\tuser 50\n/, with: "\n")
        try #require(less != whole)
        let other = try shop.directory.write(less.replacing(/\n\d+\t49\t[^\n]*/, with: ""), to: "less.sql")
        let result = try RestoredShop.verify(["--json", "--manifest", path + ".manifest.json", other])
        #expect(result.status == 1, "\(result.outputText)")
    }

    /// An archive does not say whether row security was on.
    @Test func anArchiveUnderRowSecuritySaysWhatItCannotKnow() throws {
        let note = "an archive does not say whether it was made with"
        let before = try shop.database.dump(["-Fc"], to: shop.directory.file("before.dump"))
        #expect(!(try RestoredShop.verify([before])).outputText.contains(note))
        try shop.database.run("ALTER TABLE users ENABLE ROW LEVEL SECURITY")
        let after = try shop.database.dump(["-Fc"], to: shop.directory.file("after.dump"))
        let result = try RestoredShop.verify([after])
        #expect(result.status == 0)
        #expect(result.outputText.contains(note), "\(result.outputText)")
    }
}
