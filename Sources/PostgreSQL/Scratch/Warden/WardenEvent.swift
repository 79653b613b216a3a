/// What the warden tells its starter: lines of JSON on its standard output.
enum WardenEvent: Codable, Sendable, Equatable {
    /// The server accepts connections.
    case ready
    /// The scratch will not go with its starter.
    case kept
    /// The template is not what it should be: it must be made again.
    case templateDamaged
    /// The directory of a prepared scratch is the starter's to fill.
    case claimed
    /// The server of a prepared scratch accepts connections, and said this of its recovery.
    case recovered(RecoveryAccount)
    /// It ended before.
    case recoveryEnded(end: String, log: String, RecoveryAccount)
    /// It was shut down, as asked.
    case shutDown
    /// The server could not be started, or ended by itself.
    case serverEnded(end: String, log: String)
    /// Something else stood in the way.
    case obstacle(reason: String, message: String, hint: String?)
}
