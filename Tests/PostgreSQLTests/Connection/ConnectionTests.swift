import Backups
import Processes
import Testing

@testable import PostgreSQL

@Suite struct ConnectionTests {
    private func connect() throws -> Connection { try SharedScratch.server.get().connect() }

    @Test func bindsParametersAndNull() throws {
        let result = try connect().query("SELECT $1::int + 1, $2::text IS NULL, $3::text", ["41", nil, "ä'\""])
        #expect(result.integer(0, 0) == 42)
        #expect(result.boolean(0, 1) == true)
        #expect(result.text(0, 2) == "ä'\"")
        #expect(result.column("?column?") == 0)
    }

    @Test func returnsTheResultOfEachStatement() throws {
        let results = try connect().execute("SELECT 1; CREATE TEMP TABLE t (a int); INSERT INTO t VALUES (1), (2);")
        #expect(results.map(\.commandTag) == ["SELECT 1", "CREATE TABLE", "INSERT 0 2"])
        #expect(results.last?.affectedRows == 2)
    }

    @Test func saysWhatTheServerSaid() throws {
        let connection = try connect()
        let error = #expect(throws: PostgreSQLError.self) { try connection.execute("SELECT * FROM nope") }
        #expect(error?.sqlstate == "42P01")
        #expect(error?.severity == "ERROR")
        #expect(error?.position == 15)
        #expect(error?.message == "relation \"nope\" does not exist")
        // The session goes on.
        #expect(try connection.query("SELECT 1").scalar == "1")
    }

    @Test func copiesInInPiecesThatStraddleRows() throws {
        let connection = try connect()
        try connection.execute("CREATE TEMP TABLE t (a int, b text)")
        let copy = try connection.copyIn("COPY t FROM STDIN")
        let text = (0..<5000).map { "\($0)\tline \($0)\n" }.joined()
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: 777) {
            try copy.write(Array(bytes[start..<min(start + 777, bytes.count)]))
        }
        #expect(try copy.end() == 5000)
        var out: [UInt8] = []
        #expect(try connection.copyOut("COPY (SELECT * FROM t ORDER BY a) TO STDOUT") { out += $0 } == 5000)
        #expect(out == bytes)
    }

    @Test func aRejectedRowNamesItsLineAndTheSessionGoesOn() throws {
        let connection = try connect()
        try connection.execute("CREATE TEMP TABLE t (a int)")
        let copy = try connection.copyIn("COPY t FROM STDIN")
        let error = #expect(throws: PostgreSQLError.self) {
            try copy.write(Array("1\nno number\n".utf8))
            _ = try copy.end()
        }
        #expect(error?.sqlstate == "22P02")
        #expect(error?.context?.contains("line 2") == true)
        #expect(try connection.query("SELECT count(*) FROM t").scalar == "0")
    }

    @Test func anErrorEndsALongCopyEarly() throws {
        let connection = try connect()
        try connection.execute("CREATE TEMP TABLE t (a int)")
        let copy = try connection.copyIn("COPY t FROM STDIN")
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 16) + [UInt8(ascii: "\n")]
        #expect(throws: PostgreSQLError.self) {
            for _ in 0..<200 { try copy.write(piece) }
            _ = try copy.end()
        }
        #expect(try connection.query("SELECT 1").scalar == "1")
    }

    @Test func anAbortedCopyTakesNothing() throws {
        let connection = try connect()
        try connection.execute("CREATE TEMP TABLE t (a int)")
        let copy = try connection.copyIn("COPY t FROM STDIN")
        try copy.write(Array("1\n2\n".utf8))
        copy.abort("changed my mind")
        #expect(try connection.query("SELECT count(*) FROM t").scalar == "0")
    }

    @Test func streamsRowsAndStopsWhenTheReaderDoes() throws {
        let connection = try connect()
        var sum: Int64 = 0
        #expect(
            try connection.stream("SELECT generate_series(1, $1::int)", ["1000"]) { sum += $0.integer(0, 0) ?? 0 }
                == 1000)
        #expect(sum == 500_500)
        struct Enough: Error {}
        #expect(throws: Enough.self) {
            try connection.stream("SELECT generate_series(1, 100000000)") { _ in throw Enough() }
        }
        #expect(try connection.query("SELECT 1").scalar == "1")
    }

    @Test func aStatementThatWantsDataUnaskedIsAnError() throws {
        let connection = try connect()
        try connection.execute("CREATE TEMP TABLE t (a int)")
        #expect(throws: PostgreSQLError.self) { try connection.execute("COPY t FROM STDIN") }
        try connection.execute("COPY t TO STDOUT")
        #expect(throws: (any Error).self) { try connection.copyIn("SELECT 1") }
        #expect(try connection.query("SELECT 1").scalar == "1")
    }

    @Test func cancellationEndsARunningStatement() throws {
        let cancellation = Cancellation()
        let server = try SharedScratch.server.get()
        let connection = try Connection(server.parameters(), cancellation: cancellation)
        connection.onNotice = { _ in cancellation.cancel(Obstacle(.interrupted, "stop")) }
        let error = #expect(throws: Obstacle.self) {
            try connection.execute("DO $$ BEGIN RAISE NOTICE 'now'; END $$; SELECT pg_sleep(600)")
        }
        #expect(error?.reason == .interrupted)
        #expect(throws: Obstacle.self) { try connection.execute("SELECT 1") }
    }

    @Test func bytesNeedNotBeUTF8() throws {
        let connection = try connect()
        try connection.execute("SET client_encoding = 'LATIN1'")
        let result = try connection.execute(Array("SELECT '".utf8) + [0xE4] + Array("' = U&'\\00E4'".utf8))
        #expect(result.first?.boolean(0, 0) == true)
    }
}
