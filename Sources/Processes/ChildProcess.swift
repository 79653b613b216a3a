import Backups
import CLinux
import Glibc

/// A running child process, for blocking code.
///
/// `posix_spawn` and not swift-subprocess, whose wait for a child needs a thread of the cooperative pool: as many blocked
/// callers as the machine has cores would wait for ever (docs/decisions/0040). The child has no descriptor but its three
/// standard streams, no signal blocked or ignored, and no environment but what its ``Command`` names.
package final class ChildProcess: Sendable {
    /// The process id. Stays ours until ``wait()`` has returned; signals go through ``signal(_:)``.
    package let identifier: Int32
    /// The program's name, for messages.
    package let name: String
    /// A pidfd: means this process for ever, also after its id was given to another.
    private let descriptor: Int32
    private let ended: SignalledOnce<ProcessEnd>

    private init(identifier: Int32, name: String, descriptor: Int32, ended: SignalledOnce<ProcessEnd>) {
        self.identifier = identifier
        self.name = name
        self.descriptor = descriptor
        self.ended = ended
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Starts `command`.
    /// - Throws: ``Obstacle`` (`tool-missing`, `permission-denied` or `internal-error`) when it can't be started.
    package static func start(
        _ command: Command, input: ChildStream = .none, output: ChildStream = .none, error: ChildStream = .none
    ) throws -> ChildProcess {
        let streams = [input, output, error]
        let request: SpawnRequest
        do {
            request = try Self.request(for: command, streams)
        } catch {
            for stream in streams { stream.abandon() }
            throw error
        }
        let identifier = try SpawnThread.run { request.run() }.get()
        // Nobody has waited for it yet, so the id can't mean another process.
        let descriptor = restorable_pidfd_open(identifier)
        let ended = SignalledOnce<ProcessEnd>()
        DetachedThread.start(named: "wait \(command.name)") { ended.set(Self.reap(identifier)) }
        return ChildProcess(identifier: identifier, name: command.name, descriptor: descriptor, ended: ended)
    }

    /// Waits for the end.
    package func wait() -> ProcessEnd { ended.wait() }

    /// Waits at most `duration`; `nil` when it still runs.
    package func wait(for duration: Duration) -> ProcessEnd? { ended.wait(for: duration) }

    /// `nil` while it runs.
    package var end: ProcessEnd? { ended.current }

    /// Sends a signal; does nothing when the process has ended.
    package func signal(_ signal: Int32) {
        guard ended.current == nil else { return }
        if descriptor >= 0 {
            _ = restorable_pidfd_send_signal(descriptor, signal)
        } else {
            // Kernels before 5.3 have no pidfd.
            kill(identifier, signal)
        }
    }

    /// Asks it to end with SIGTERM, and ends it with SIGKILL after `grace`.
    @discardableResult
    package func terminate(grace: Duration = .seconds(5)) -> ProcessEnd {
        signal(SIGTERM)
        if let end = wait(for: grace) { return end }
        signal(SIGKILL)
        return wait()
    }

    private static func request(for command: Command, _ streams: [ChildStream]) throws -> SpawnRequest {
        let (executable, arguments) = try command.spawned()
        guard access(executable, X_OK) == 0, access(command.executable, X_OK) == 0 else {
            throw Obstacle(.toolMissing, "\(command.executable) can't be run: \(String(cString: strerror(errno)))")
        }
        return SpawnRequest(
            executable: executable, arguments: arguments, environment: command.environment,
            workingDirectory: command.workingDirectory ?? "/", hasOwnSession: command.hasOwnSession, streams: streams)
    }

    /// Waits for the child and takes its status. See waitpid(2) for how the status is laid out.
    private static func reap(_ identifier: Int32) -> ProcessEnd {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0 {
            // Only when SIGCHLD is ignored, which nothing here does: how it ended is lost, that it ended is not.
            guard errno == EINTR else { return .exited(-1) }
        }
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    }
}
