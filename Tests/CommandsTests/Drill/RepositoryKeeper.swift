import TestSupport

/// The tools that keep repositories, for tests that hold for each of them.
enum RepositoryKeeper: String, CaseIterable {
    case pgBackRest, barman, barmanCloud, command

    func makeServer() throws -> any RepositoryServer {
        switch self {
        case .pgBackRest: try PgBackRestServer()
        case .barman: try BarmanServer()
        case .barmanCloud: try BarmanCloudServer()
        case .command: try ScriptedServer()
        }
    }
}
