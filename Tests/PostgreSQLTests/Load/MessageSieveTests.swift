import TestSupport
import Testing

@testable import PostgreSQL

/// What is kept of a client's standard error never grows beyond its limits, and holds every error that fits.
@Suite struct MessageSieveTests {
    private static func sieved(_ text: String, piece: Int = 1000, _ sieve: MessageSieve) -> (text: String, isCut: Bool)
    {
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            bytes[start..<min(bytes.count, start + piece)].withUnsafeBytes { sieve.take($0) }
            start += piece
        }
        return sieve.finish()
    }

    private static let errors = """
        psql:<stdin>:12: ERROR:  42704: type "nope" does not exist
        LINE 2:     a nope
                      ^
        psql:<stdin>:31: error: \\connect: connection to server failed

        """

    @Test(arguments: [1, 7, 64, 100_000]) func errorsStayWholeHoweverTheyCome(piece: Int) {
        let kept = Self.sieved(Self.errors, piece: piece, MessageSieve(prefix: "psql:"))
        #expect(kept.text == Self.errors)
        #expect(!kept.isCut)
    }

    @Test func megabytesOfNoticesAreNotKept() {
        let notice = "psql:<stdin>:3: NOTICE:  00000: \(String(repeating: "x", count: 900))\nCONTEXT:  PL/pgSQL\n"
        let noise = String(repeating: notice, count: 4000)
        let warning = "psql:<stdin>:4: WARNING:  01000: psql: ERROR:  in its text\n"
        let kept = Self.sieved(noise + Self.errors + noise + warning, MessageSieve(prefix: "psql:", headLimit: 4096))
        #expect(kept.text == Self.errors)
        #expect(!kept.isCut)
    }

    @Test func ofEndlessErrorsTheFirstAndTheLastAreKept() throws {
        let text = (1...20_000).map { "pg_restore: error: number \($0)\nDETAIL:  \($0)\n" }.joined()
        let sieve = MessageSieve(prefix: "pg_restore: ", headLimit: 4096, tailLimit: 1024)
        let kept = Self.sieved(text, sieve)
        #expect(kept.isCut)
        #expect(kept.text.utf8.count <= 4096 + 1024)
        #expect(kept.text.hasPrefix("pg_restore: error: number 1\nDETAIL:  1\npg_restore: error: number 2\n"))
        #expect(kept.text.hasSuffix("pg_restore: error: number 20000\nDETAIL:  20000\n"))
        let lines = kept.text.split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("DETAIL") } <= lines.count { $0.hasPrefix("pg_restore") } + 1)
        let whole = Self.sieved(text, MessageSieve(prefix: "pg_restore: "))
        #expect(!whole.isCut)
        #expect(whole.text == text)
    }

    @Test func aLineWithoutEndIsBounded() {
        let line = "psql:<stdin>:1: ERROR:  XX000: " + String(repeating: "x", count: 3 << 20)
        let kept = Self.sieved(line, piece: 65_536, MessageSieve(prefix: "psql:"))
        #expect(kept.text.utf8.count < 20_000)
        #expect(kept.text.hasPrefix("psql:<stdin>:1: ERROR:"))
    }
}
