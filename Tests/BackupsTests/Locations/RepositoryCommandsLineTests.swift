import Backups
import Testing

/// What becomes of a command's placeholders.
@Suite struct RepositoryCommandsLineTests {
    private typealias Line = RepositoryCommands.Line

    @Test func wordsAreFilled() throws {
        let line = Line.words(["tool", "%d/x", "100%%", "%b%b", "%z", "%"])
        #expect(try line.filled(["d": "/a b", "b": "%d"]) == ["tool", "/a b/x", "100%", "%d%d", "%z", "%"])
        #expect(line.placeholders == ["d", "%", "b", "b", "z", " "])
    }

    /// A shell takes a path with a blank for two words, and worse.
    @Test func aShellGetsPlainWordsOnly() throws {
        let line = Line.shell("tool %d | cat")
        #expect(try line.filled(["d": "/var/tmp/x-1", "b": "a b"]) == ["/bin/sh", "-c", "tool /var/tmp/x-1 | cat"])
        for path in ["/a b", "/a;b", "/$(b)", "/ä"] {
            #expect(throws: Obstacle.self) { try line.filled(["d": path]) }
        }
    }
}
