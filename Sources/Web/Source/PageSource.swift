package import Backups

/// All that the web server shows and asks for. The daemon implements it; tests give it values.
///
/// `facts`, `isReady` and `metrics` answer at once, from memory: they are called for every request.
package protocol PageSource: Sendable {
    /// What is known now.
    func facts() -> FleetFacts

    /// Whether history and catalog were read once, so that what is shown is no longer guesswork.
    func isReady() -> Bool

    /// The metrics in the format that a client's `Accept` asks for.
    func metrics(accept: String?, acceptsGzip: Bool) -> MetricsDocument

    /// All of one verification; `nil` where none has that number.
    /// - Throws: ``Obstacle`` when the history can't be read.
    func report(_ id: RunID) async throws -> VerificationReport?

    /// The newest finished runs of `database`, the newest first.
    /// - Throws: ``Obstacle`` when the history can't be read.
    func runs(of database: String, kind: RunKind, limit: Int) async throws -> [RunSummary]

    /// The newest finished runs of these databases together, the one that began last first.
    /// - Parameters:
    ///   - kind: only these; `nil`: all.
    ///   - next: only runs that began before this one; `nil`: all.
    /// - Throws: ``Obstacle`` when the history can't be read.
    func runs(of databases: [String], kind: RunKind?, before next: RunID?, limit: Int) async throws -> [RunSummary]

    /// Reads the configuration again.
    /// - Returns: whether the new one is in force. Where it is not, the facts say why.
    func reload() async -> Bool

    /// Asks for a verification of the newest backup of `database`, or for a drill, ahead of its schedule.
    func request(_ kind: RunKind, of database: String) async -> TurnAnswer
}

/// The metrics as they go over the wire.
package struct MetricsDocument: Sendable, Equatable {
    package var contentType: String
    /// `gzip`, or `nil` for plain text.
    package var contentEncoding: String?
    package var body: [UInt8]

    package init(contentType: String, contentEncoding: String? = nil, body: [UInt8]) {
        self.contentType = contentType
        self.contentEncoding = contentEncoding
        self.body = body
    }
}
