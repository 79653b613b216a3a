import Testing

@testable import PostgreSQL

@Suite struct SplitForeignKeyTests {
    @Test(arguments: [
        ("public.items", "items_order_id_fkey", " ON DELETE CASCADE"),
        (#""odd ""schema".t"#, #""ADD CONSTRAINT ; x""#, " DEFERRABLE INITIALLY DEFERRED"),
        ("\"a\nb\"", "c", ""),
    ])
    func aKeyIsMadeAndThenChecked(table: String, name: String, more: String) throws {
        let text =
            "ALTER TABLE ONLY \(table)\n    ADD CONSTRAINT \(name) FOREIGN KEY (a) REFERENCES public.u(id)\(more)"
        for end in ["", ";"] {
            let split = try #require(SplitForeignKey(Array((text + end).utf8)))
            #expect(String(decoding: split.add, as: UTF8.self) == text + " NOT VALID")
            #expect(
                String(decoding: split.validate, as: UTF8.self)
                    == "ALTER TABLE ONLY \(table) VALIDATE CONSTRAINT \(name)")
        }
    }

    @Test(arguments: [
        // A partitioned table: NOT VALID is not for it.
        "ALTER TABLE public.t\n    ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES public.u(id)",
        // Not valid in the dump either.
        "ALTER TABLE ONLY public.t\n    ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES public.u(id) NOT VALID",
        "ALTER TABLE ONLY public.t\n    ADD CONSTRAINT c PRIMARY KEY (id)",
        "ALTER TABLE ONLY public.t",
        "",
    ])
    func otherStatementsStayWhole(text: String) {
        #expect(SplitForeignKey(Array(text.utf8)) == nil)
    }
}
