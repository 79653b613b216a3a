import Glibc

extension ConnectionParameters {
    /// A connection string of production. Where it names no service, `PGSERVICE` does, as libpq would have it
    /// (PostgreSQL 15 documentation, 34.15 "Environment Variables").
    package init(production conninfo: String) throws {
        try self.init(conninfo: conninfo)
        if values["service"] == nil, let service = Self.environmentService { values["service"] = service }
    }

    /// libpq would look the service of production up for scratch, too, and fail where it is not defined: from here on only
    /// ``init(production:)`` knows of it. Before there are other threads, which read the environment.
    package static func keepServiceForProduction() {
        _ = environmentService
        unsetenv("PGSERVICE")
    }

    /// As the program found it.
    private static let environmentService: String? = getenv("PGSERVICE").flatMap {
        $0.pointee == 0 ? nil : String(cString: $0)
    }
}
