/// What a dump is restored with.
package struct InstallationChoice: Sendable, Equatable {
    /// Runs the scratch server.
    package let server: Installation
    /// `psql` and `pg_restore` come from here: at least as new as the pg_dump that wrote the dump.
    package let tools: Installation
    /// The server is of a newer major version than the one that was dumped: an error may be due to that.
    package let isServerNewer: Bool
}
