/// What the warden tells its starter: lines of JSON on its standard output.
enum WardenEvent: Codable, Sendable, Equatable {
    /// The server accepts connections.
    case ready
    /// The scratch will not go with its starter.
    case kept
    /// The template is not what it should be: it must be made again.
    case templateDamaged
    /// The server could not be started, or ended by itself.
    case serverEnded(end: String, log: String)
    /// Something else stood in the way.
    case obstacle(reason: String, message: String, hint: String?)
}
