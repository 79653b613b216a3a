import Backups
import Glibc
package import Processes

/// Where and how scratch servers run.
package struct ScratchConfiguration: Sendable {
    /// All scratch lies below this directory; made when it is missing.
    package var directory: String
    /// What the server may use for its buffers, sorting and index builds together, in bytes.
    package var memory: UInt64
    /// The most that one run may put on disk, in bytes; `nil` for no limit but the disk itself.
    package var maximumDisk: UInt64?
    /// What the run has on disk besides its server, in bytes: counted against ``maximumDisk``.
    package var otherDisk: UInt64 = 0
    /// Bytes that a run must leave free on the file system of scratch.
    package var reservedDisk: UInt64
    /// Connections that work side by side.
    package var jobs: Int
    package var profile: ScratchProfile
    /// Name of the user that the server runs as when we are root; `nil` for `restorable`, else `nobody`.
    package var user: String?
    /// Libraries for `shared_preload_libraries`.
    package var preload: [String]
    /// Added to the niceness of the server, 0 to 19.
    package var niceness: Int32
    /// Ends a run that takes longer; `nil` for never.
    package var deadline: Duration?
    /// The program that runs the warden: this one.
    package var executable: String
    /// Off only to see how scratch does on a machine that allows no namespaces.
    package var usesNamespaces = true

    package init(
        directory: String = ScratchConfiguration.defaultDirectory, memory: UInt64 = 1 << 30,
        maximumDisk: UInt64? = nil, reservedDisk: UInt64 = 256 << 20, jobs: Int = 2,
        profile: ScratchProfile = .fast, user: String? = nil, preload: [String] = [], niceness: Int32 = 0,
        deadline: Duration? = nil, executable: String = "/proc/self/exe"
    ) {
        self.directory = directory
        self.memory = memory
        self.maximumDisk = maximumDisk
        self.reservedDisk = reservedDisk
        self.jobs = jobs
        self.profile = profile
        self.user = user
        self.preload = preload
        self.niceness = niceness
        self.deadline = deadline
        self.executable = executable
    }

    /// The path of ``executable`` that means the same program to its children.
    var resolvedExecutable: String {
        executable == "/proc/self/exe" ? ProcFile.link(executable) ?? executable : executable
    }

    /// `/var/tmp/restorable` for root, `/var/tmp/restorable-UID` for others: `/var/tmp` is on disk, where `/tmp` may be
    /// memory, and its sticky bit keeps others from replacing our directory.
    package static var defaultDirectory: String {
        geteuid() == 0 ? "/var/tmp/restorable" : "/var/tmp/restorable-\(geteuid())"
    }

    /// The user to run the server as; `nil` when we are not root and it runs as we do.
    /// - Throws: ``Obstacle`` when the configured user does not exist, is root, or can't be taken on.
    package func serverUser() throws -> ProcessUser? {
        guard ProcessUser.isRoot else {
            if let user, ProcessUser(named: user)?.identifier != geteuid() {
                throw Obstacle(
                    .permissionDenied, "only root can run scratch as the user \(user)",
                    hint: "run restorable as \(user), or leave the user out")
            }
            return nil
        }
        if let user {
            guard let found = ProcessUser(named: user) else {
                throw Obstacle(
                    .permissionDenied, "there is no user \(user) to run scratch as", hint: "useradd --system \(user)")
            }
            guard found.identifier != 0 else {
                throw Obstacle(
                    .permissionDenied, "a dump is code and must not run as root", hint: "name an unprivileged user")
            }
            return found
        }
        // Never the user "postgres": where production runs on this machine, its data belongs to it.
        guard let found = ProcessUser(named: "restorable") ?? ProcessUser(named: "nobody") else {
            throw Obstacle(
                .permissionDenied, "there is no unprivileged user to run scratch as",
                hint: "useradd --system restorable")
        }
        return found
    }
}
