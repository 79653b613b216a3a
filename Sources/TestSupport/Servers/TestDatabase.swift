/// A database in a ``TestServer``.
package struct TestDatabase: Sendable {
    package let server: TestServer
    package let name: String

    package init(server: TestServer, name: String) {
        self.server = server
        self.name = name
    }

    package var conninfo: String { server.conninfo(database: name) }

    var quotedName: String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// Runs SQL with psql; the first error ends it and is thrown.
    package func run(_ sql: String) throws {
        try psql(sql)
    }

    /// Ends what others still run here: a server that is busy does not notice that a psql is gone.
    package func endSessions() throws {
        try server.maintenance.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(name)' AND pid <> pg_backend_pid()"
        )
    }

    /// Runs a query with psql: columns separated by `|`, a line a row.
    package func query(_ sql: String) throws -> String {
        var text = try psql(sql, ["-A", "-t"]).outputText
        if text.hasSuffix("\n") { text.removeLast() }
        return text
    }

    /// `pg_dump` to `path` (a file, or a directory with `-Fd`).
    /// - Parameters:
    ///   - arguments: as `["-Fc", "-Z0"]`.
    ///   - installation: whose pg_dump; the server's own when not given.
    /// - Returns: `path`.
    @discardableResult
    package func dump(_ arguments: [String] = [], to path: String, with installation: TestInstallation? = nil) throws
        -> String
    {
        try Tool.run(
            (installation ?? server.installation).tool("pg_dump"),
            ["--no-sync", "-f", path, "-d", conninfo] + arguments)
        return path
    }

    /// Restores a plain dump with psql, as on the bad day: the oracle of the loaders.
    package func restoreWithPsql(_ path: String, stopOnError: Bool = true) throws -> ToolResult {
        let arguments = stopOnError ? ["-v", "ON_ERROR_STOP=1"] : []
        return try Tool.attempt(
            server.installation.tool("psql"), ["-X", "-q", "-d", conninfo, "-f", path] + arguments, output: "/dev/null")
    }

    package func drop() throws {
        try server.maintenance.run("DROP DATABASE \(quotedName) WITH (FORCE)")
    }

    @discardableResult
    private func psql(_ sql: String, _ arguments: [String] = []) throws -> ToolResult {
        let directory = try TemporaryDirectory()
        let file = try directory.write(sql, to: "script.sql")
        return try Tool.run(
            server.installation.tool("psql"),
            ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", conninfo, "-f", file] + arguments)
    }
}
