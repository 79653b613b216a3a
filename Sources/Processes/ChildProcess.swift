import Backups
import CLinux
import Glibc
import Subprocess
import SystemPackage

/// A running child process, for blocking code: a facade over swift-subprocess.
///
/// swift-subprocess 1.0.2 forks on one worker thread of its own that lives until `exit` (Thread.swift,
/// `runOnBackgroundThread`), so a parent-death signal, which the kernel ties to the forking *thread*, means our process.
/// It closes every descriptor but the three standard streams in the child (process_shims.c, `_subprocess_fork_exec`).
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
        let started = SignalledOnce<Result<(Int32, Int32), Obstacle>>()
        let ended = SignalledOnce<ProcessEnd>()
        let streams = SpawnStreams(input: input, output: output, error: error)
        let configuration: Configuration
        do {
            configuration = try Self.configuration(of: command)
        } catch {
            streams.abandon()
            throw error
        }
        let name = command.name
        Task(executorPreference: SpawnThread.shared) {
            do {
                let end = try await streams.run(configuration) { identifier in
                    started.set(.success((identifier, restorable_pidfd_open(identifier))))
                }
                ended.set(end)
            } catch {
                started.set(.failure(Self.obstacle(starting: command, error)))
                // Only reached by a child that was started when its end could not be learned.
                ended.set(.signalled(SIGKILL))
            }
        }
        let (identifier, descriptor) = try started.wait().get()
        return ChildProcess(identifier: identifier, name: name, descriptor: descriptor, ended: ended)
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

    private static func configuration(of command: Command) throws -> Configuration {
        let (executable, arguments) = try command.spawned()
        guard access(executable, X_OK) == 0, access(command.executable, X_OK) == 0 else {
            throw Obstacle(.toolMissing, "\(command.executable) can't be run: \(String(cString: strerror(errno)))")
        }
        var options = PlatformOptions()
        options.createSession = command.hasOwnSession
        var environment: [Environment.Key: String] = [:]
        for (key, value) in command.environment { environment[Environment.Key(stringLiteral: key)] = value }
        return Configuration(
            executable: .path(FilePath(executable)), arguments: Arguments(arguments), environment: .custom(environment),
            workingDirectory: FilePath(command.workingDirectory ?? "/"), platformOptions: options)
    }

    private static func obstacle(starting command: Command, _ error: any Error) -> Obstacle {
        (error as? Obstacle) ?? Obstacle(.internalError, "\(command.name) could not be started", cause: error)
    }
}
