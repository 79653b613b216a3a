import Backups
import Processes

/// One piece of long work of a command: on a thread of its own, ended by signals and its deadline, with a progress line.
enum LongWork {
    /// - Throws: what `body` throws.
    static func run<Value: Sendable>(
        named name: String, deadline: Duration? = nil,
        _ body: @escaping @Sendable (any ProgressObserver, Cancellation) throws -> Value
    ) throws -> Value {
        let cancellation = Cancellation()
        try TerminationSignals.end(cancellation)
        let timer = Deadline(deadline, cancellation)
        defer { timer.stop() }
        let bar = StandardStream.error.canRedraw ? TerminalProgress(label: "") : nil
        defer { bar?.stop() }
        let progress: any ProgressObserver = bar ?? SilentProgress()
        return try JoinedThread.run(named: name) { Result { try body(progress, cancellation) } }.get()
    }
}
