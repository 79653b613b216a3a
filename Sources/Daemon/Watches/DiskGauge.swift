import Backups

/// Looks how full the file system at one path is. One that hangs is waited for once, for a moment, and not known until it
/// answers.
struct DiskGauge {
    private var asked: (path: String, call: PatientCall<DiskFacts, any Error>)?
    private let patience: Duration
    private let look: @Sendable (String) throws -> DiskFacts

    init(
        patience: Duration = .seconds(10),
        look: @escaping @Sendable (String) throws -> DiskFacts = { try DiskFacts(at: $0) }
    ) {
        self.patience = patience
        self.look = look
    }

    /// - Parameter path: `nil` where there is none to look at.
    /// - Returns: what is known, or a sentence that says why nothing is.
    mutating func measure(_ path: String?) -> (facts: DiskFacts?, problems: [String]) {
        guard let path else { return (nil, []) }
        let call =
            asked.flatMap { $0.path == path ? $0.call : nil }
            ?? PatientCall(named: "disk") { [look] in try look(path) }
        asked = (path, call)
        do {
            if let facts = try call.answer(within: patience) { return (facts, []) }
            return (nil, ["disk.path \(path) can't be looked at: its file system does not answer"])
        } catch {
            return (nil, [(error as? Obstacle)?.message ?? "\(error)"])
        }
    }
}
