package import Backups
import CLinux
import Glibc
package import Logging
import Processes
import Synchronization

/// A private PostgreSQL server that is thrown away: socket only, superuser ``superuser``, gone with this process.
///
/// A server that dies cancels the run's ``Cancellation`` with an ``Obstacle`` `server-failed`.
package final class ScratchServer: Sendable {
    package let installation: Installation
    package let directory: ScratchDirectory
    /// What keeps the code in the dump away from the rest of the machine.
    package let isolation: ScratchIsolation
    package let profile: ScratchProfile
    let warden: WardenHandle
    private let watches: [ScratchWatch]
    let cancellation: Cancellation
    /// How long a session waits for a lock; `nil` for as long as it takes.
    let lockTimeout: Duration?

    package var superuser: String { ScratchTemplate.superuser }
    package var socketDirectory: String { directory.sockets }

    /// - Parameter watches: those that watch the directory already; `nil` to begin.
    init(
        _ configuration: ScratchConfiguration, _ installation: Installation, _ isolation: ScratchIsolation,
        _ warden: WardenHandle, watches: [ScratchWatch]? = nil, _ cancellation: Cancellation,
        lockTimeout: Duration? = nil
    ) {
        self.installation = installation
        self.isolation = isolation
        self.warden = warden
        self.cancellation = cancellation
        self.lockTimeout = lockTimeout
        directory = warden.directory
        profile = configuration.profile
        self.watches =
            watches ?? ScratchWatch.all(configuration, directory: warden.directory, cancellation: cancellation)
    }

    deinit { stop() }

    /// Starts a server and waits until it accepts connections.
    /// - Parameters:
    ///   - diskEstimate: bytes that the run will need, where that is known; checked before anything is made.
    ///   - cancellation: ended by the server's death, the disk cap and the deadline; ends the start, too.
    /// - Throws: ``Obstacle``; nothing is left then.
    package static func start(
        _ configuration: ScratchConfiguration, installation: Installation, diskEstimate: UInt64 = 0,
        cancellation: Cancellation, log: Logger
    ) throws -> ScratchServer {
        try cancellation.check()
        // Code in a dump may run as our own user: it must not read our memory, where secrets are.
        OwnMemory.keepPrivate()
        let root = try ScratchRoot(configuration.directory)
        // Fails early where the path is too long for a socket.
        _ = try ScratchDirectory(root: root.path, name: ScratchRoot.makeName())
        try collectLeftovers(configuration, log)
        try ScratchWatch.checkSpace(configuration, estimate: diskEstimate)
        let user = try configuration.serverUser()
        let template = ScratchTemplate(root: root, installation: installation, user: user)
        var isolation = try ScratchIsolation.probe(
            configuration, user: user, installation: installation, directory: root.templates, log: log)
        for attempt in 0..<3 {
            let (path, size) = try template.ensure(cancellation: cancellation)
            let directory = try ScratchDirectory(root: root.path, name: ScratchRoot.makeName())
            let settings = ServerSettings(
                configuration, major: installation.major, socketDirectory: directory.sockets)
            let start = ServerStart(
                postgres: try installation.program("postgres"), settings: settings.arguments, isolation: isolation)
            let order = WardenOrder(
                root: root.path, name: directory.name, origin: .template(path, size, start),
                niceness: configuration.niceness)
            let warden = try WardenHandle.start(
                order, directory: directory, executable: configuration.resolvedExecutable, cancellation: cancellation)
            let outcome: WardenHandle.Start
            do {
                outcome = try warden.waitUntilReady()
            } catch let obstacle as Obstacle where isolation.level == .cell && !cancellation.isCancelled {
                // It may want a file that the cell does not show. No code of a dump has run yet.
                log.debug("the server does not start in a cell, and is tried without one: \(obstacle)")
                isolation.level = .namespaces
                continue
            }
            switch outcome {
            case .ready:
                log.debug("scratch runs \(isolation)", metadata: ["directory": "\(directory.path)"])
                return ScratchServer(configuration, installation, isolation, warden, cancellation)
            case .templateDamaged where attempt < 2:
                log.notice("the template of \(installation) is damaged and made again")
                warden.stop()
                try template.discard()
            default:
                warden.stop()
                throw Obstacle(.serverFailed, "the template of \(installation) can't be copied")
            }
        }
        throw Obstacle(.serverFailed, "the template of \(installation) can't be copied")
    }

    /// What killed runs left takes the disk that this one needs.
    static func collectLeftovers(_ configuration: ScratchConfiguration, _ log: Logger) throws {
        let report = try ScratchCollector(directory: configuration.directory).collect()
        for path in report.removed { log.notice("removed what a killed run left", metadata: ["path": "\(path)"]) }
        for failure in report.failures { log.warning("a killed run's scratch can't be removed: \(failure)") }
    }

    /// Ends the server and removes its directory; returns when both are done. Further calls do nothing.
    package func stop() {
        for watch in watches { watch.stop() }
        warden.stop()
    }

    /// Hands the server over: it goes on after this process, until ``ScratchCollector`` is told to remove kept ones.
    /// - Returns: a shell command that connects to it.
    package func keep() throws -> String {
        for watch in watches { watch.stop() }
        try warden.keep()
        return "\(installation.bin)/psql -h \(directory.sockets) -U \(superuser) DATABASE"
    }
}
