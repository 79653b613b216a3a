/// One thing that is wrong with a configuration, and where.
package struct SettingsProblem: Sendable, Equatable, CustomStringConvertible {
    /// From 1; `nil` when the file could not be read at all.
    package let line: Int?
    package let column: Int?
    package let message: String

    package init(line: Int?, column: Int?, message: String) {
        self.line = line
        self.column = column
        self.message = message
    }

    package var description: String {
        guard let line, let column else { return message }
        return "line \(line), column \(column): \(message)"
    }
}

/// A configuration that can't be used: every problem that was found, in the order of the file.
package struct InvalidSettings: Error, Sendable, CustomStringConvertible {
    package let file: String
    package let problems: [SettingsProblem]

    package init(file: String, problems: [SettingsProblem]) {
        self.file = file
        self.problems = problems
    }

    package var description: String {
        problems.map { problem in
            guard let line = problem.line, let column = problem.column else { return "\(file): \(problem.message)" }
            return "\(file):\(line):\(column): \(problem.message)"
        }.joined(separator: "\n")
    }
}
