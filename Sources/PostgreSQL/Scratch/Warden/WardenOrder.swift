import Processes

/// What the warden is asked to do: one line of JSON on its standard input. Nothing in it is secret.
struct WardenOrder: Codable, Sendable {
    let root: String
    let name: String
    /// The cluster to copy, and what a whole copy of it holds.
    let template: String
    let templateSize: TreeSize
    let postgres: String
    let settings: [String]
    let isolation: ScratchIsolation
    let niceness: Int32

    /// Follows the order on the same stream: the server outlives its starter. The end of the stream ends all else.
    static let keep = "keep\n"
}
