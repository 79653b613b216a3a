/// Fixed facts of PostgreSQL that several parts need.
package enum PostgreSQLDefaults {
    /// The port number that names the scratch server's socket file; nothing listens on TCP.
    package static let socketPort = 5432
}
