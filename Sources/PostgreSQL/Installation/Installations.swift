import Backups
import Glibc
import Processes

/// Every PostgreSQL on this machine that can be used.
package struct Installations: Sendable {
    /// Newest major version first; of one version, configured directories first.
    package let all: [Installation]

    package init(_ installations: [Installation]) {
        var unique: [Installation] = []
        for installation in installations where !unique.contains(installation) { unique.append(installation) }
        all = unique.enumerated().sorted { ($1.element.major, $0.offset) < ($0.element.major, $1.offset) }
            .map(\.element)
    }

    /// Looks in `configured` directories, `RESTORABLE_POSTGRESQL_BIN` (separated by colons), the places of Debian's and
    /// the PostgreSQL project's packages, what `pg_config --bindir` names, and `PATH`.
    package static func find(configured: [String] = []) -> Installations {
        var directories = configured
        directories += list(in: "RESTORABLE_POSTGRESQL_BIN")
        directories += DirectoryTree.names(in: "/usr/lib/postgresql").map { "/usr/lib/postgresql/\($0)/bin" }
        directories += DirectoryTree.names(in: "/usr").filter { $0.hasPrefix("pgsql-") }.map { "/usr/\($0)/bin" }
        let path = list(in: "PATH")
        if let program = path.map({ (directory: String) -> String in "\(directory)/pg_config" }).first(where: {
            (candidate: String) in access(candidate, X_OK) == 0
        }),
            let result = try? ChildProcess.run(Command(program, ["--bindir"]), limit: 4096), result.isSuccess
        {
            directories.append(result.outputText.trimmed)
        }
        // Client programs alone in PATH are wrappers on Debian, whose version depends on the cluster they choose.
        directories += path.filter { access("\($0)/postgres", X_OK) == 0 }
        return Installations(directories.compactMap { InstallationProbe.installation(in: $0) })
    }

    /// Chooses for a dump of server version `serverMajor`, written by pg_dump of `toolMajor` (`nil`: not known).
    /// - Throws: ``Obstacle`` `server-missing`, `server-too-old` or `tools-too-old`.
    package func choose(forServerMajor serverMajor: Int?, toolMajor: Int?) throws -> InstallationChoice {
        let server = try chooseServer(for: serverMajor)
        let tools = try chooseTools(for: max(toolMajor ?? 0, server.major), wrote: toolMajor)
        return InstallationChoice(
            server: server, tools: tools, isServerNewer: serverMajor.map { server.major > $0 } ?? false)
    }

    /// The server of exactly that major version, else of the next newer one; of any when it is not known: the newest.
    package func chooseServer(for major: Int?) throws -> Installation {
        let servers = all.filter(\.isServer)
        guard let newest = servers.first else {
            throw Obstacle(
                .serverMissing, "no PostgreSQL server is installed on this machine",
                hint: Self.install(major) + ", or name its directory with --postgresql-bin")
        }
        guard let major else { return newest }
        if let exact = servers.first(where: { $0.major == major }) { return exact }
        if let newer = servers.last(where: { $0.major > major }) {
            return servers.first { $0.major == newer.major } ?? newer
        }
        throw Obstacle(
            .serverTooOld,
            "the dump is of PostgreSQL \(major), and the newest server on this machine is \(newest.major)",
            hint: Self.install(major))
    }

    /// The tools next to the wanted version that are at least as new as it; `wrote` is pg_dump's, for the message.
    private func chooseTools(for wanted: Int, wrote: Int?) throws -> Installation {
        let usable = all.filter { access("\($0.bin)/pg_restore", X_OK) == 0 }
        if let nearest = usable.last(where: { $0.major >= wanted }) {
            return usable.first { $0.major == nearest.major } ?? nearest
        }
        // A server without client programs beside it: no tool is needed for a dump that is loaded over the wire.
        let needed = wrote ?? wanted
        if let any = all.first(where: { $0.major >= needed }) { return any }
        throw Obstacle(
            .toolsTooOld,
            "the dump was written by pg_dump \(needed), and the newest tools on this machine are of \(all.first?.major ?? 0)",
            hint: "apt-get install postgresql-client-\(needed) (from apt.postgresql.org if Debian has no such package)")
    }

    private static func install(_ major: Int?) -> String {
        let package = major.map { "postgresql-\($0)" } ?? "postgresql"
        return "apt-get install \(package) (from apt.postgresql.org if Debian has no such package)"
    }

    private static func list(in variable: String) -> [String] {
        guard let value = getenv(variable) else { return [] }
        return String(cString: value).split(separator: ":").map(String.init)
    }
}
