import Backups
import Glibc
package import Processes
import Synchronization

/// What keeps the code in a dump away from the rest of the machine, as far as the kernel lets us.
package struct ScratchIsolation: Sendable, Codable, Equatable, CustomStringConvertible {
    /// The user the server runs as, where it is not ours.
    package var user: ProcessUser?
    /// Own network namespace without any interface, own System V IPC, own process ids with an own `/proc`.
    package var hasNamespaces: Bool
    /// The namespaces were made without root, in a user namespace.
    var inUserNamespace: Bool

    /// For people and the report.
    package var description: String {
        let who = user.map { "as the user \($0.name)" } ?? "as our own user"
        return hasNamespaces
            ? "\(who), without network, in process and IPC namespaces of its own"
            : "\(who), not isolated from network and other processes: this machine allows no namespaces"
    }

    private static let known = Mutex<[Bool: ScratchIsolation]>([:])

    /// Finds out, once, what this machine allows.
    static func probe(user: ProcessUser?, usesNamespaces: Bool) -> ScratchIsolation {
        guard usesNamespaces else { return ScratchIsolation(user: user, hasNamespaces: false, inUserNamespace: false) }
        let isRoot = ProcessUser.isRoot
        var isolation = known.withLock { $0[isRoot] } ?? attempt(isRoot: isRoot)
        known.withLock { $0[isRoot] = isolation }
        isolation.user = user
        return isolation
    }

    private static func attempt(isRoot: Bool) -> ScratchIsolation {
        let isolation = ScratchIsolation(user: nil, hasNamespaces: true, inUserNamespace: !isRoot)
        let none = ScratchIsolation(user: nil, hasNamespaces: false, inUserNamespace: false)
        guard let (program, arguments) = isolation.namespaceCommand, let command = Command.systemProgram("true"),
            let result = try? ChildProcess.run(Command(program, arguments + [command]), limit: 4096),
            result.isSuccess
        else { return none }
        return isolation
    }

    /// `unshare` (util-linux), which takes the program to run as its last arguments. Its child is process 1 of the new
    /// process namespace: when that is killed, the kernel kills all that it ever started.
    private var namespaceCommand: (program: String, arguments: [String])? {
        guard hasNamespaces, let unshare = Command.systemProgram("unshare") else { return nil }
        let user = inUserNamespace ? ["--user", "--map-current-user"] : []
        return (unshare, user + ["--net", "--ipc", "--pid", "--mount-proc", "--fork", "--kill-child=KILL", "--"])
    }

    /// The signal that ends the whole of a server whose warden is gone.
    var endSignal: DeathSignal { hasNamespaces ? .kill : .quit }

    /// Puts the isolation round a server's command. The user changes inside the namespaces, which root must make; each
    /// link of the chain dies with the one before it.
    func wrap(_ executable: String, _ arguments: [String], workingDirectory: String) throws -> Command {
        let environment = CleanEnvironment.variables(home: workingDirectory)
        guard let setpriv = Command.systemProgram("setpriv") else {
            throw Obstacle(
                .toolMissing, "setpriv, which takes rights from the scratch server, is not installed",
                hint: "apt-get install util-linux")
        }
        var inner = ["--no-new-privs", "--pdeathsig", endSignal.rawValue]
        if let user { inner += ["--reuid=\(user.identifier)", "--regid=\(user.group)", "--clear-groups"] }
        inner += ["--", executable] + arguments
        guard let (unshare, prefix) = namespaceCommand else {
            return Command(setpriv, inner, environment: environment, workingDirectory: workingDirectory)
        }
        return Command(
            unshare, prefix + [setpriv] + inner, environment: environment, workingDirectory: workingDirectory,
            parentDeathSignal: .kill)
    }
}
