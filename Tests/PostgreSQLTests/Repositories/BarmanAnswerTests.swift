import Testing

@testable import PostgreSQL

/// What Barman says, beside what it was asked for.
@Suite struct BarmanAnswerTests {
    private func read(_ text: String, of server: String = "main") -> [Int]? {
        BarmanAnswer<[Int]>.read(Array(text.utf8), of: server)
    }

    @Test func theServerIsRead() {
        #expect(read(#"{"main": [1, 2]}"#) == [1, 2])
        #expect(read(#"{"main": [1, 2]}"#, of: "other") == nil)
        #expect(read(#"{"main": ["x"]}"#) == nil)
        #expect(read("barman: command not found") == nil)
    }

    /// One word that it does not know in its configuration is told with every answer.
    @Test func messagesBesideItAreNoServers() {
        #expect(read(#"{"_WARNING": ["Invalid configuration option \"x\""], "main": [1]}"#) == [1])
        #expect(read(#"{"_ERROR": ["x"]}"#) == nil)
    }
}
