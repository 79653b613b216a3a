import Glibc
import Synchronization

/// A small shell script that outlives this process by a moment and clears away after it, however it ended.
///
/// Its standard input is a socket whose other end only we hold: when we end, by `exit` or `kill -9`, it reads the end of the file.
final class Watchman: Sendable {
    private let process: SpawnedProcess
    private let held: Mutex<Descriptor?>

    /// - Parameter script: `sh`; reads standard input to its end, then clears away.
    init(script: String, _ arguments: [String], output: Descriptor) throws {
        var ends: [Int32] = [0, 0]
        // A socket pair and not a pipe, for it can be made closed-on-exec in one step from Swift.
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0, &ends) == 0 else {
            throw TestFailure("socketpair: \(String(cString: strerror(errno)))")
        }
        let input = Descriptor(ends[0])
        held = Mutex(Descriptor(ends[1]))
        process = try SpawnedProcess(
            "/bin/sh", ["-c", "trap '' INT HUP TERM\n" + script, "sh"] + arguments, input: input, output: output,
            error: output, hasOwnSession: true)
    }

    /// Lets it clear away now, and waits until it has.
    func dismiss() {
        guard release() else { return }
        _ = process.wait()
    }

    /// Closes our end; false when that was done before.
    private func release() -> Bool {
        held.withLock { held in
            defer { held = nil }
            return held != nil
        }
    }
}
