import Glibc

/// Programs from PyPI that check what we write, from where `scripts/setup` puts them.
package enum CheckerProgram {
    private static let directory =
        (getenv("RESTORABLE_TEST_CHECKERS").map { String(cString: $0) } ?? "/opt/restorable-test/checkers") + "/bin"

    /// - Throws: ``TestFailure`` with what to do when it is not there.
    package static func path(_ name: String) throws -> String {
        let path = "\(directory)/\(name)"
        guard access(path, X_OK) == 0 else { throw TestFailure("\(path) is not there: run scripts/setup") }
        return path
    }

    /// Runs a script of Python with PyYAML and jsonschema at hand.
    package static func python(_ script: String, _ arguments: [String]) throws -> ToolResult {
        try Tool.run(path("python3"), ["-W", "ignore", "-c", script] + arguments)
    }
}
