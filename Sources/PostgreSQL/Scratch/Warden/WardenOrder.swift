import Processes

/// What the warden is asked to do: one line of JSON on its standard input. Nothing in it is secret.
struct WardenOrder: Codable, Sendable {
    /// Where the data directory comes from.
    enum Origin: Codable, Sendable {
        /// A copy of this cluster, of which a whole one holds so much; the server is started at once.
        case template(String, TreeSize, ServerStart)
        /// The starter fills it, and says by a ``WardenCommand`` when the server is to start, and to end.
        case prepared
    }

    let root: String
    let name: String
    let origin: Origin
    let niceness: Int32

    /// Follows the order on the same stream: the server outlives its starter. The end of the stream ends all else.
    static let keep = "keep\n"

    /// Whether ids in the files of the data directory mean nothing outside: the server's IPC is its own, or there has been
    /// no server yet, and what lies there is another machine's.
    var hasNamespaces: Bool {
        switch origin {
        case .template(_, _, let start): start.isolation.hasNamespaces
        case .prepared: true
        }
    }
}

/// What the starter of a prepared scratch asks for next: lines of JSON after the order.
enum WardenCommand: Codable, Sendable {
    case start(ServerStart)
    /// A fast shutdown: sessions are ended, and the data directory is left as after any ordinary end.
    case shutDown
}
