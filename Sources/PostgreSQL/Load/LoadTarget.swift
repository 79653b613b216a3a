/// The empty server that a backup is loaded into.
package protocol LoadTarget: Sendable {
    /// How to reach one of its databases as its superuser.
    func parameters(database: String) -> ConnectionParameters
    /// Opens a session as its superuser.
    func connect(database: String) throws -> Connection
}
