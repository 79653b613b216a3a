/// How the history fares, from which everything else is drawn.
package struct HistoryFacts: Sendable, Equatable {
    /// A history that was damaged, and lies beside the one that was begun in its place.
    package struct SetAside: Sendable, Equatable {
        package var path: String
        package var at: Timestamp

        package init(path: String, at: Timestamp) {
            self.path = path
            self.at = at
        }
    }

    /// Why it could not be read or written at the last attempt; `nil` when it could.
    package var problem: String?
    /// The newest of those that still lie there: whoever has seen it moves it away.
    package var setAside: SetAside?

    package init(problem: String? = nil, setAside: SetAside? = nil) {
        self.problem = problem
        self.setAside = setAside
    }
}
