/// Variables of the environment. One that is empty is as if it were not set, as the SDKs take it.
struct AWSEnvironment: Sendable {
    private let variables: [String: String]

    init(_ variables: [String: String]) {
        self.variables = variables
    }

    subscript(_ name: String) -> String? {
        guard let value = variables[name], !value.isEmpty else { return nil }
        return value
    }

    func isTrue(_ name: String) -> Bool {
        ["true", "yes", "on", "1"].contains(self[name]?.lowercased() ?? "")
    }
}
