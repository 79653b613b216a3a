import Glibc

/// A child made with posix_spawn(3).
final class SpawnedProcess: Sendable {
    // Flags of glibc's <spawn.h>, which Swift does not import.
    private static let setSignalDefaults: Int16 = 0x04
    private static let setSignalMask: Int16 = 0x08
    private static let ownSession: Int16 = 0x80

    let identifier: pid_t

    /// - Parameter hasOwnSession: keeps the terminal's Ctrl-C from it.
    init(
        _ executable: String, _ arguments: [String], environment: [String: String]? = nil, input: Descriptor,
        output: Descriptor, error: Descriptor, hasOwnSession: Bool = false
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (index, descriptor) in [input, output, error].enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor.number, Int32(index))
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Threads of the concurrency pool block signals, and children inherit that: a shell would never hear of SIGCHLD.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(
            &attributes, Self.setSignalDefaults | Self.setSignalMask | (hasOwnSession ? Self.ownSession : 0))

        var pid = pid_t()
        let status = Self.withCStrings([executable] + arguments) { arguments in
            guard let environment else {
                return posix_spawnp(&pid, executable, &actions, &attributes, arguments, environ)
            }
            return Self.withCStrings(environment.map { "\($0)=\($1)" }) {
                posix_spawnp(&pid, executable, &actions, &attributes, arguments, $0)
            }
        }
        guard status == 0 else { throw TestFailure("\(executable): \(String(cString: strerror(status)))") }
        identifier = pid
    }

    /// Waits for the end. Must be called once.
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + (status & 0x7F)
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers = strings.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
    }
}
