import Backups
import Glibc
import Integrity
import Processes

/// Starts filters as child processes.
///
/// A filter is the user's own command and finds its keys where it always does, so it gets our environment; but nothing
/// of libpq's, and no variable that a connection takes its password from.
struct FilterProcess: FilterLauncher {
    /// Names of those.
    let withheld: Set<String>

    func start(_ command: String, input: Int32, output: Int32, error: Int32) throws -> any RunningFilter {
        let process = try ChildProcess.start(
            // In our working directory: the command may name its keys from there.
            Command(
                "/bin/sh", ["-c", command], environment: environment, workingDirectory: AbsolutePath.of("."),
                // Not SIGTERM: one that ignores it would outlive us, for nobody is left to ask twice.
                parentDeathSignal: .kill),
            input: .handedOver(input), output: .handedOver(output), error: .handedOver(error))
        return RunningProcess(process: process)
    }

    private var environment: [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, !parts[0].hasPrefix("PG"), !withheld.contains(String(parts[0])) {
                variables[String(parts[0])] = String(parts[1])
            }
            entry += 1
        }
        return variables
    }

    private struct RunningProcess: RunningFilter {
        let process: ChildProcess

        func wait() -> FilterEnd {
            switch process.wait() {
            case .exited(let status): .exited(status)
            case .signalled(let signal): .signalled(signal)
            }
        }

        func terminate() { process.signal(SIGTERM) }
    }
}
