import Backups
import Glibc
import Integrity

/// Runs filters with posix_spawn.
struct SpawnedFilter: FilterLauncher, RunningFilter {
    private let process: pid_t

    init(process: pid_t = 0) {
        self.process = process
    }

    func start(_ command: String, input: Int32, output: Int32, error: Int32) throws -> any RunningFilter {
        defer { for descriptor in [input, output, error] { close(descriptor) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in [input, output, error].enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
        }
        var arguments: [UnsafeMutablePointer<CChar>?] = ["sh", "-c", command].map { (word: String) in strdup(word) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        guard posix_spawn(&process, "/bin/sh", &actions, nil, &arguments, nil) == 0 else {
            throw Obstacle(.toolMissing, "no shell")
        }
        return SpawnedFilter(process: process)
    }

    func wait() -> FilterEnd {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .signalled(status & 0x7F)
    }

    func terminate() {
        kill(process, SIGTERM)
    }
}
