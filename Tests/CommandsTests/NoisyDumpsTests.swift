import TestSupport
import Testing

/// Dumps that say much while they are restored.
@Suite(.serialized) struct NoisyDumpsTests {
    private let shop: RestoredShop

    init() throws {
        shop = try RestoredShop()
    }

    private func dump(level: String) throws -> String {
        let noise = """
            SET client_min_messages = notice;
            DO $$ BEGIN FOR n IN 1..12000 LOOP RAISE \(level) '%', repeat('x', 1000); END LOOP; END $$;

            COPY public.orders
            """
        let text = try TestFile.text(try shop.dump())
        return try shop.directory.write(text.replacing("COPY public.orders", with: noise), to: "noisy.sql")
    }

    @Test(arguments: [[], ["--loader", "psql"]], ["NOTICE", "WARNING"])
    func megabytesOfNoticesSayNothingOfTheBackup(loader: [String], level: String) throws {
        let result = try RestoredShop.verify(["--json"] + loader + [try dump(level: level)])
        #expect(result.status == 0, "\(result.outputText)")
        #expect(result.outputText.utf8.count < 20_000)
    }

    /// More errors than are kept: those that are kept decide, and never that all is well.
    @Test(arguments: [[], ["--loader", "psql"]]) func aFailureForEveryRowIsBounded(loader: [String]) throws {
        let inserts = (1...9000).map {
            "INSERT INTO public.nowhere VALUES (\($0), '\(String(repeating: "x", count: 50))');\n"
        }
        let text = try TestFile.text(try shop.dump())
            .replacing("COPY public.orders", with: inserts.joined() + "\nCOPY public.orders")
        let result = try RestoredShop.verify(["--json"] + loader + [try shop.directory.write(text, to: "many.sql")])
        #expect(result.status == 1, "\(result.outputText.prefix(3000))")
        #expect(result.outputText.contains(#""reason":"object-missing""#))
        #expect(result.outputText.utf8.count < 400_000)
    }
}
