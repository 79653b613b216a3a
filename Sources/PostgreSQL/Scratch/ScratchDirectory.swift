import Backups
import Glibc

/// One scratch directory, by its path: where its parts lie. Owning it is ``ScratchClaim``.
package struct ScratchDirectory: Sendable, Hashable {
    /// Bytes of a socket's path without the NUL at its end (unix(7): `sun_path` has 108).
    private static let longestSocketPath = 107

    package let root: String
    package let name: String

    package var path: String { "\(root)/\(name)" }
    package var data: String { "\(path)/data" }
    package var sockets: String { "\(path)/s" }
    /// Tablespaces that were made after the base backup; only where there are any.
    var tablespaces: String { "\(path)/tablespaces" }
    package var log: String { "\(path)/log" }
    var lock: String { "\(path)/lock" }
    var marker: String { "\(path)/owner.json" }

    /// - Throws: ``Obstacle`` when the path of the socket in it would be too long.
    package init(root: String, name: String) throws {
        self.root = root
        self.name = name
        let socket = "\(sockets)/.s.PGSQL.\(PostgreSQLDefaults.socketPort)"
        guard socket.utf8.count <= Self.longestSocketPath else {
            let room = Self.longestSocketPath - (socket.utf8.count - root.utf8.count)
            throw Obstacle(
                .serverFailed, "the scratch directory \(root) has a path too long for a Unix socket",
                hint: "choose one of at most \(room) bytes with --scratch-directory")
        }
    }

    /// For directories that are there already and need no socket.
    init(existing name: String, in root: String) {
        self.root = root
        self.name = name
    }
}
