/// One label of a sample.
package struct Label: Sendable, Hashable {
    /// `[a-zA-Z_][a-zA-Z0-9_]*`.
    package let name: String
    /// Any text; empty is the same as no such label.
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
