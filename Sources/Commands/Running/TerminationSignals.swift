import Backups
import Glibc
import Processes
import Synchronization

/// SIGINT, SIGTERM and SIGHUP end the work gracefully; a second one ends the process at once.
enum TerminationSignals {
    /// Write end of the pipe that the handler writes to; a handler may do little else (signal-safety(7)).
    private static let pipeEnd = Atomic<Int32>(-1)

    private static let ending = [SIGINT, SIGTERM, SIGHUP]

    /// From here on a signal ends the process at once, with the status of what could not be checked: there is nothing yet
    /// to be cleared up, and nobody to say more.
    static func endAtOnce() {
        handle { _ in _exit(ExitStatus.inconclusive.rawValue) }
    }

    /// From here on a signal cancels `cancellation`. Handlers, unlike ignored or blocked signals, are not handed down to
    /// child processes.
    /// - Throws: ``Obstacle`` when no pipe can be made.
    static func end(_ cancellation: Cancellation) throws {
        let pipe = try Pipe()
        pipeEnd.store(pipe.takeWriteEnd(), ordering: .sequentiallyConsistent)
        handle { signal in
            let saved = errno
            var byte = UInt8(truncatingIfNeeded: signal)
            write(TerminationSignals.pipeEnd.load(ordering: .relaxed), &byte, 1)
            errno = saved
        }
        // Standard output closed by its reader is an error of write, not the end of us with scratch left behind.
        signal(SIGPIPE, SIG_IGN)
        DetachedThread.start(named: "signals") { listen(pipe, cancellation) }
    }

    private static func handle(_ handler: @escaping @convention(c) (Int32) -> Void) {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = handler
        action.sa_flags = SA_RESTART
        // What our starter has us ignore stays ignored: nohup(1), or a background job of a shell.
        for signal in ending where !isIgnored(signal) { sigaction(signal, &action, nil) }
    }

    private static func isIgnored(_ signal: Int32) -> Bool {
        var action = sigaction()
        sigaction(signal, nil, &action)
        // Functions can't be compared, addresses can.
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    private static func listen(_ pipe: Pipe, _ cancellation: Cancellation) {
        var isFirst = true
        while true {
            var byte: UInt8 = 0
            let count = read(pipe.readEnd, &byte, 1)
            if count < 0 && errno == EINTR { continue }
            guard count == 1 else { return }
            // The warden of each scratch server sees us go and clears up.
            guard isFirst else { _exit(ExitStatus.inconclusive.rawValue) }
            isFirst = false
            let name = Int32(byte) == SIGINT ? "SIGINT" : Int32(byte) == SIGTERM ? "SIGTERM" : "SIGHUP"
            cancellation.cancel(
                Obstacle(.interrupted, "the verification was ended by \(name)", hint: "Run it again."))
        }
    }
}
