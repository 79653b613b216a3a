import Backups
import CLinux
import Glibc

/// One call of `posix_spawn`: everything resolved, nothing inherited.
struct SpawnRequest: Sendable {
    let executable: String
    let arguments: [String]
    let environment: [String: String]
    let workingDirectory: String
    let hasOwnSession: Bool
    let streams: [ChildStream]

    /// - Returns: the process id of the child.
    func run() -> Result<Int32, Obstacle> {
        var opened: [Int32] = []
        defer {
            for descriptor in opened { close(descriptor) }
            for stream in streams { stream.abandon() }
        }
        for stream in streams {
            // Above the standard streams, so that no dup2 below overwrites the source of a later one.
            let descriptor = stream.openCopy()
            guard descriptor >= 0 else { return .failure(failure(errno)) }
            opened.append(descriptor)
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in opened.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
        }
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        posix_spawn_file_actions_addchdir_np(&actions, workingDirectory)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        setSignals(&attributes)
        return spawn(&actions, &attributes)
    }

    /// All signals as a fresh process has them: none blocked, none ignored.
    private func setSignals(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        var flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        if hasOwnSession { flags |= restorable_spawn_setsid() }
        posix_spawnattr_setflags(&attributes, Int16(flags))
    }

    private func spawn(
        _ actions: inout posix_spawn_file_actions_t, _ attributes: inout posix_spawnattr_t
    ) -> Result<Int32, Obstacle> {
        let argv = ([executable] + arguments).map { strdup($0) } + [nil]
        let envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for copy in argv + envp { free(copy) } }
        var identifier: pid_t = 0
        let status = posix_spawn(&identifier, executable, &actions, &attributes, argv, envp)
        return status == 0 ? .success(identifier) : .failure(failure(status))
    }

    private func failure(_ code: Int32) -> Obstacle {
        let reason: Reason = code == ENOMEM || code == EAGAIN ? .outOfMemory : .toolMissing
        return Obstacle(reason, "\(executable) can't be started: \(String(cString: strerror(code)))")
    }
}
