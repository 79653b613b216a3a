import TestSupport
import Testing

@testable import PostgreSQL

@Suite struct ServerTextTests {
    @Test(arguments: ["", "short", String(repeating: "a", count: ServerText.limit)])
    func whatIsShortStays(_ text: String) {
        #expect(ServerText.bounded(text) == text)
        #expect(text.withCString { ServerText.bounded($0) } == text)
    }

    @Test(arguments: 0..<4)
    func whatIsLongIsCutBetweenCodePoints(_ shift: Int) {
        let text = String(repeating: "a", count: shift) + String(repeating: "😀", count: ServerText.limit)
        let cut = ServerText.bounded(text)
        #expect(cut.utf8.count <= ServerText.limit + 16)
        #expect(cut.hasSuffix("😀 … (cut)"))
        #expect(text.withCString { ServerText.bounded($0) } == cut)
    }

    @Test func whatADumpRaisesIsCut() throws {
        let connection = try TestServer.shared().createDatabase().connect()
        let sql =
            "DO $$begin raise exception '%', repeat('A' || chr(10), 3000000) using detail = repeat('é', 9999); end$$"
        let error = #expect(throws: PostgreSQLError.self) { try connection.execute(sql) }
        #expect((error?.message.utf8.count ?? .max) <= ServerText.limit + 16)
        #expect((error?.detail?.utf8.count ?? .max) <= ServerText.limit + 16)
    }
}
