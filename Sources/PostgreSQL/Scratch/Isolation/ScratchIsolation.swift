import Backups
import Glibc
import Logging
package import Processes
import Synchronization

/// What keeps the code in a dump away from the rest of the machine, as far as the kernel lets us.
package struct ScratchIsolation: Sendable, Codable, Equatable, CustomStringConvertible {
    /// How much of the machine is out of reach; each takes more away than the one before.
    package enum Level: String, Sendable, Codable {
        /// Nothing: only the user and its rights are another's.
        case open
        /// Own network without any interface, own System V IPC, own process ids with an own `/proc`.
        case namespaces
        /// That, and a file system with nothing in it but programs and the server's own directories: no socket of
        /// another server, no file to fill. See ``CellRoot``.
        case cell
    }

    /// The user the server runs as, where it is not ours.
    package var user: ProcessUser?
    package var level: Level
    /// The namespaces are made without root, in a user namespace.
    var inUserNamespace: Bool
    /// This program, which makes the cell.
    var executable: String
    /// What a cell shows for the server's programs, beside the usual places.
    var programs: [String] = []

    package var hasNamespaces: Bool { level != .open }

    /// For people and the report.
    package var description: String {
        let who = user.map { "as the user \($0.name)" } ?? "as our own user"
        return switch level {
        case .cell: "\(who), without network, seeing no process and no file of this machine but programs and its own"
        case .namespaces: "\(who), without network, in process and IPC namespaces of its own, but not kept from files"
        case .open: "\(who), not isolated from network, files and other processes: this machine allows no namespaces"
        }
    }

    /// What the person who asked must know; `nil` when all is as it should be.
    package var warning: String? {
        switch level {
        case .cell: nil
        case .namespaces:
            "the scratch server could reach files and Unix sockets of this machine, for it could not be given a file system "
                + "of its own (--log-level debug says why): verify only dumps whose author you trust with them"
        case .open:
            "the scratch server could reach network, files and Unix sockets of this machine, for its kernel allows no "
                + "namespaces: verify only dumps whose author you trust with them"
        }
    }

    private struct Place: Hashable {
        let isRoot: Bool
        let bin: String
    }

    private struct Known {
        let level: Level
        let programs: [String]
    }

    private static let known = Mutex<[Place: Known]>([:])

    /// Finds out, once for each installation, what this machine allows.
    /// - Parameter directory: one of ours, to try with; nothing in it is changed.
    static func probe(
        _ configuration: ScratchConfiguration, user: ProcessUser?, installation: Installation, directory: String,
        log: Logger
    ) throws -> ScratchIsolation {
        let isRoot = ProcessUser.isRoot
        var isolation = ScratchIsolation(
            user: user, level: .open, inUserNamespace: !isRoot, executable: configuration.resolvedExecutable)
        guard configuration.usesNamespaces else { return isolation }
        let place = Place(isRoot: isRoot, bin: installation.bin)
        if let known = known.withLock({ $0[place] }) {
            (isolation.level, isolation.programs) = (known.level, known.programs)
            return isolation
        }
        isolation.programs = ProgramDirectories.needed(by: installation.bin)
        let postgres = try installation.program("postgres")
        for level in [Level.cell, .namespaces, .open] {
            isolation.level = level
            guard level != .open, let refusal = try isolation.refusal(postgres, directory) else { break }
            log.debug("this machine allows no \(level.rawValue): \(refusal)")
        }
        let found = Known(level: isolation.level, programs: isolation.programs)
        known.withLock { $0[place] = found }
        return isolation
    }

    /// Why the server's program does not start inside, with all its libraries; `nil` when it does.
    private func refusal(_ postgres: String, _ directory: String) throws -> String? {
        guard Command.systemProgram("unshare") != nil else { return "unshare is not installed" }
        let command = try wrap(postgres, ["--version"], writable: [directory])
        do {
            let result = try ChildProcess.run(command, limit: 4096)
            return result.isSuccess ? nil : String(decoding: result.error, as: UTF8.self)
        } catch {
            return "\(error)"
        }
    }

    /// `unshare` (util-linux), which takes the program to run as its last arguments. Its child is process 1 of the new
    /// process namespace: when that is killed, the kernel kills all that it ever started.
    private var namespaceCommand: (program: String, arguments: [String])? {
        guard hasNamespaces, let unshare = Command.systemProgram("unshare") else { return nil }
        var user = inUserNamespace ? ["--user", "--map-current-user"] : []
        // To mount with; the cell drops them.
        if inUserNamespace, level == .cell { user.append("--keep-caps") }
        return (unshare, user + ["--net", "--ipc", "--pid", "--mount-proc", "--fork", "--kill-child=KILL", "--"])
    }

    /// The signal that ends the whole of a server whose warden is gone.
    var endSignal: DeathSignal { hasNamespaces ? .kill : .quit }

    /// Puts the isolation round a server's command. The user changes inside the namespaces, which root must make; each
    /// link of the chain dies with the one before it.
    /// - Parameters:
    ///   - writable: all the server may write to; it works in the first.
    ///   - readable: what else it may read.
    ///   - tablespaces: directories below the writable ones that are seen at another path; only in a cell.
    func wrap(
        _ executable: String, _ arguments: [String], writable: [String], readable: [String] = [],
        tablespaces: [ScratchTablespace] = []
    ) throws -> Command {
        let directory = writable.first ?? "/"
        let environment = CleanEnvironment.variables(home: directory)
        guard let setpriv = Command.systemProgram("setpriv") else {
            throw Obstacle(
                .toolMissing, "setpriv, which takes rights from the scratch server, is not installed",
                hint: "apt-get install util-linux")
        }
        var inner = ["--no-new-privs", "--inh-caps=-all", "--pdeathsig", endSignal.rawValue]
        if let user { inner += ["--reuid=\(user.identifier)", "--regid=\(user.group)", "--clear-groups"] }
        inner += ["--", executable] + arguments
        guard let (unshare, prefix) = namespaceCommand else {
            return Command(setpriv, inner, environment: environment, workingDirectory: directory)
        }
        inner.insert(setpriv, at: 0)
        if level == .cell {
            let bin = String(executable[..<(executable.lastIndex(of: "/") ?? executable.endIndex)])
            let others = ProgramDirectories.covers(programs, bin) ? [] : ProgramDirectories.needed(by: bin)
            inner =
                [self.executable]
                + ScratchCell.arguments(
                    writable: writable, programs: programs + others + readable, tablespaces: tablespaces, program: inner
                )
        }
        // The cell goes to the directory itself, once that is all it sees.
        return Command(
            unshare, prefix + inner, environment: environment, workingDirectory: level == .cell ? "/" : directory,
            parentDeathSignal: .kill)
    }
}
