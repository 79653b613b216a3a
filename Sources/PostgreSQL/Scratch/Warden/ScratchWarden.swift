import Backups
import CLinux
import FoundationEssentials
import Glibc
import Processes

/// The process that owns one scratch: `restorable scratch-warden --directory D`.
///
/// It claims the directory, copies the template (or lets its starter fill it), starts the server as its own child and watches the pipe to its
/// starter. When that ends, however the starter ended, it ends the server, removes the directory and exits. The kernel
/// ends the server when the warden itself is killed; then the files wait for the next collection.
package enum ScratchWarden {
    package static let subcommand = "scratch-warden"

    /// The whole life of the process. The order comes on standard input; arguments are for people who read `ps`.
    /// - Returns: the exit status.
    package static func main() -> Int32 {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGHUP, SIG_IGN)
        signal(SIGINT, SIG_IGN)
        OwnMemory.keepPrivate()
        let control = LineReader(descriptor: STDIN_FILENO)
        guard let line = control.next(), let order = try? JSONDecoder().decode(WardenOrder.self, from: Data(line))
        else {
            LineWriter.writeBytes(Array("scratch-warden is started by restorable itself\n".utf8), to: STDERR_FILENO)
            return ExitStatus.usage.rawValue
        }
        do {
            try WardenRun(order: order, control: control).run()
            return 0
        } catch {
            let obstacle = (error as? Obstacle) ?? Obstacle(.internalError, "\(error)")
            LineWriter.writeLine(WardenEvent.obstacle(obstacle), to: STDOUT_FILENO)
            return ExitStatus.inconclusive.rawValue
        }
    }
}
