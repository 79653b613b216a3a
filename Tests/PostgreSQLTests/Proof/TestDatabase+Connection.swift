import Backups
import PostgreSQL
import TestSupport

extension TestDatabase {
    func connect() throws -> Connection {
        try Connection(ConnectionParameters(conninfo: conninfo))
    }

    /// This database dumped with pg_dump and restored with psql into a new one.
    func copy(into server: TestServer) throws -> TestDatabase {
        let directory = try TemporaryDirectory()
        let file = directory.file("dump.sql")
        // The tool of the newer server reads both; the older server does not know the newer tool's settings.
        let newer = server.installation.major > self.server.installation.major ? server : self.server
        try dump(to: file, with: newer.installation)
        let copy = try server.createDatabase()
        let result = try copy.restoreWithPsql(file)
        guard result.status == 0 else { throw TestFailure(result.errorText) }
        return copy
    }
}
