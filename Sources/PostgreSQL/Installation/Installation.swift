import Backups
import Glibc

/// PostgreSQL's programs as installed in one directory.
package struct Installation: Sendable, Hashable, CustomStringConvertible {
    /// The directory of `postgres`, `initdb`, `pg_dump`, ….
    package let bin: String
    /// As `postgres --version` says it, without the name: "15.18 (Debian 15.18-0+deb12u1)".
    package let version: String
    package let major: Int
    /// Can start a server; else it holds client programs only.
    package let isServer: Bool

    package init(bin: String, version: String, major: Int, isServer: Bool) {
        self.bin = bin
        self.version = version
        self.major = major
        self.isServer = isServer
    }

    package var description: String { "PostgreSQL \(version) in \(bin)" }

    /// "15.18" of "15.18 (Debian …)".
    package var shortVersion: String { version.split(separator: " ").first.map(String.init) ?? version }

    /// The path of one of its programs.
    /// - Throws: ``Obstacle`` `tool-missing`.
    package func program(_ name: String) throws -> String {
        let path = "\(bin)/\(name)"
        guard access(path, X_OK) == 0 else {
            throw Obstacle(
                .toolMissing, "\(name) of PostgreSQL \(major) is not in \(bin)",
                hint: "apt-get install postgresql-\(major)")
        }
        return path
    }
}
