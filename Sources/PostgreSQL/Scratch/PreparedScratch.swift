package import Backups
import Glibc
package import Logging
import Processes
import Synchronization

/// A scratch directory that is filled before a server is started in it: a base backup is unpacked there.
///
/// Owned like any other scratch: `restorable gc` knows it when it is left behind. It ends with this value.
package final class PreparedScratch: Sendable {
    package enum Start: Sendable {
        /// It accepts connections, and said this of its recovery.
        case ready(RecoveryAccount)
        /// It ended before, for the reason that stands in the obstacle.
        case ended(RecoveryAccount, Obstacle)
    }

    package let directory: ScratchDirectory
    let configuration: ScratchConfiguration
    /// The server's; `nil` where it runs as our own.
    let user: ProcessUser?
    let cancellation: Cancellation
    private let warden: WardenHandle
    private let watches: [ScratchWatch]
    private let log: Logger
    private let made = Mutex<[ScratchTablespace]>([])

    /// Claims a directory. Its ``ScratchDirectory/data`` is there, empty, for us alone.
    /// - Parameters:
    ///   - diskEstimate: bytes that will be needed, where that is known.
    ///   - cancellation: ended by the disk cap and the deadline; ends everything here, too.
    /// - Throws: ``Obstacle``; nothing is left then.
    package static func claim(
        _ configuration: ScratchConfiguration, diskEstimate: UInt64 = 0, cancellation: Cancellation, log: Logger
    ) throws -> PreparedScratch {
        try cancellation.check()
        OwnMemory.keepPrivate()
        let root = try ScratchRoot(configuration.directory)
        let directory = try ScratchDirectory(root: root.path, name: ScratchRoot.makeName())
        try ScratchServer.collectLeftovers(configuration, log)
        try ScratchWatch.checkSpace(configuration, estimate: diskEstimate)
        let user = try configuration.serverUser()
        let order = WardenOrder(
            root: root.path, name: directory.name, origin: .prepared, niceness: configuration.niceness)
        let warden = try WardenHandle.start(
            order, directory: directory, executable: configuration.resolvedExecutable, cancellation: cancellation)
        _ = try warden.waitUntilReady()
        let scratch = PreparedScratch(configuration, user, warden, cancellation, log)
        guard mkdir(directory.data, 0o700) == 0 else { throw DirectoryTree.obstacle("made", directory.data) }
        return scratch
    }

    private init(
        _ configuration: ScratchConfiguration, _ user: ProcessUser?, _ warden: WardenHandle,
        _ cancellation: Cancellation, _ log: Logger
    ) {
        self.configuration = configuration
        self.user = user
        self.warden = warden
        self.cancellation = cancellation
        self.log = log
        directory = warden.directory
        watches = ScratchWatch.all(configuration, directory: directory, cancellation: cancellation)
    }

    deinit { stop() }

    /// To be asked before what came to lie here is called damaged: on a full disk programs write what is not whole, and not all of
    /// them say so. The watch that ends the run then looks twice a second only.
    /// - Throws: ``Obstacle`` `disk-full`.
    package func expectRoom() throws {
        if let obstacle = ScratchWatch.diskObstacle(configuration, directory) { throw obstacle }
    }

    /// What the server, and programs that work on its files, are kept from.
    package func isolation(for installation: Installation) throws -> ScratchIsolation {
        try ScratchIsolation.probe(
            configuration, user: user, installation: installation,
            directory: ScratchRoot(configuration.directory).templates, log: log)
    }

    /// Gives all that was put into the data directory to the server's user.
    package func giveAway() throws {
        guard let user else { return }
        try DirectoryTree.giveAll(directory.data, user: user.identifier, group: user.group)
    }

    /// Those that were added.
    package var tablespaces: [ScratchTablespace] { made.withLock { $0 } }

    /// Makes an empty directory that every program started from now on finds at `location`, too.
    /// - Returns: `false` where it can't be shown there, or is already.
    /// - Throws: ``Obstacle`` when it can't be made.
    package func addTablespace(at location: String, for installation: Installation) throws -> Bool {
        let isolation = try isolation(for: installation)
        let known = tablespaces
        let tablespace = ScratchTablespace(
            location: location, directory: "\(directory.tablespaces)/\(known.count)")
        guard isolation.level == .cell,
            tablespace.isPossible(beside: isolation.programs + [directory.path] + known.map(\.location))
        else { return false }
        guard mkdir(directory.tablespaces, 0o711) == 0 || errno == EEXIST, mkdir(tablespace.directory, 0o700) == 0
        else { throw DirectoryTree.obstacle("made", tablespace.directory) }
        chmod(directory.tablespaces, 0o711)
        try DirectoryTree.give(tablespace.directory, to: user)
        made.withLock { $0.append(tablespace) }
        return true
    }

    /// Starts the server and waits until it accepts connections, or ends.
    /// - Parameters:
    ///   - settings: besides those of every scratch server, over which they win.
    ///   - readable: directories, besides its own, that it may read.
    package func start(
        _ installation: Installation, settings: [ServerSettings.Setting], readable: [String] = []
    ) throws -> Start {
        let base = ServerSettings(
            configuration, major: installation.major, socketDirectory: directory.sockets)
        let start = ServerStart(
            postgres: try installation.program("postgres"), settings: base.adding(settings).arguments,
            isolation: try isolation(for: installation), readable: readable, tablespaces: tablespaces)
        switch try warden.command(.start(start)) {
        case .recovered(let account): return .ready(account)
        case .recoveryEnded(let end, let log, let account):
            return .ended(account, WardenHandle.serverEnded(end, log))
        default: throw Obstacle(.internalError, "the warden gave an answer that was not asked for")
        }
    }

    /// Shuts the server down as in ordinary life, and returns when it has ended.
    package func shutDown() throws {
        guard case .shutDown = try warden.command(.shutDown) else {
            throw Obstacle(.internalError, "the warden gave an answer that was not asked for")
        }
    }

    /// The server that was started, for those who talk to it.
    package func server(_ installation: Installation) throws -> ScratchServer {
        ScratchServer(
            configuration, installation, try isolation(for: installation), warden, watches: watches, cancellation,
            // Nobody else works here: who holds one so long was prepared in production, and does not let go of it.
            lockTimeout: .seconds(10))
    }

    /// Ends the server, if there is one, and removes the directory; returns when both are done.
    package func stop() {
        for watch in watches { watch.stop() }
        warden.stop()
    }
}
