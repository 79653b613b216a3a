/// How a server is started on a data directory that is ready for it.
struct ServerStart: Codable, Sendable {
    let postgres: String
    /// Arguments after the data directory.
    let settings: [String]
    let isolation: ScratchIsolation
    /// Directories, besides its own, that it may read and not write.
    var readable: [String] = []
    /// Directories of its own that it finds where the log says that tablespaces are.
    var tablespaces: [ScratchTablespace] = []
}
