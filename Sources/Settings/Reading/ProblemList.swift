import Yams

/// Gathers problems while a configuration is read, so that all of them are told at once.
final class ProblemList {
    private(set) var problems: [SettingsProblem] = []
    /// Notes which keys are read, where somebody wants to know it.
    let keys: KeyRecord?

    init(keys: KeyRecord? = nil) {
        self.keys = keys
    }

    func add(_ message: String, at node: Node?) {
        problems.append(SettingsProblem(line: node?.mark?.line, column: node?.mark?.column, message: message))
    }

    /// In the order of the file.
    var sorted: [SettingsProblem] {
        problems.sorted { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) }
    }
}
