import Backups
import Glibc
import Processes

extension PreparedScratch {
    /// Replays nothing beside a server that it could reach into: without a file system of its own, and as that server's user.
    /// - Throws: ``Obstacle`` where such a server runs.
    func keepFromNeighbours(_ installation: Installation) throws {
        guard try isolation(for: installation).level != .cell else { return }
        let root = ProgramDirectories.resolve(configuration.directory) ?? configuration.directory
        let servers = NeighbouringServers.dataDirectories(of: user?.identifier ?? geteuid(), outside: root)
        guard let server = servers.first else { return }
        throw Obstacle(
            .permissionDenied,
            "the server in \(server) runs as the same user as scratch, which this kernel gives no file system of its own: a "
                + "tablespace that the log makes would be made at its path, among the files of that server",
            hint:
                "Recover as another user (scratch.user), on another machine, or where the kernel allows namespaces: as root, or with "
                + "user.max_user_namespaces above 0.")
    }
}
