package import Backups
import Glibc

extension ChildProcess {
    /// Runs `command` to its end and keeps what it wrote, up to `limit` bytes a stream; the rest is read and dropped.
    ///
    /// - Parameter onError: takes standard error as it comes, on a thread of its own; then none of it is kept.
    ///
    /// Cancellation ends the child (SIGTERM, then SIGKILL after `grace`) and throws its ``Obstacle``.
    package static func run(
        _ command: Command, input: ChildStream = .none, limit: Int = 1 << 20, grace: Duration = .seconds(2),
        cancellation: Cancellation? = nil, onError: (@Sendable (UnsafeRawBufferPointer) -> Void)? = nil
    ) throws -> ProcessResult {
        try cancellation?.check()
        let output = try Pipe()
        let error = try Pipe()
        let child = try start(
            command, input: input, output: .handedOver(output.takeWriteEnd()),
            error: .handedOver(error.takeWriteEnd()))
        let token = cancellation?.onCancel {
            DetachedThread.start(named: "end child") { child.terminate(grace: grace) }
        }
        defer { if let token { cancellation?.removeHandler(token) } }

        // Readers of their own, so that neither stream can fill its pipe and hold the child.
        let errorText = SignalledOnce<[UInt8]>()
        let outputBytes = SignalledOnce<(kept: [UInt8], isCut: Bool)>()
        DetachedThread.start(named: "child stderr") {
            guard let onError else { return errorText.set(error.readTail(limit: limit)) }
            error.readAll(onError)
            errorText.set([])
        }
        DetachedThread.start(named: "child stdout") { outputBytes.set(output.readHead(limit: limit)) }
        let end = child.wait()
        // A grandchild that lives on may hold the pipes open: what has come within the grace is all there will be.
        let kept = outputBytes.wait(for: grace) ?? (kept: [], isCut: true)
        let tail = errorText.wait(for: grace) ?? []
        try cancellation?.check()
        return ProcessResult(end: end, output: kept.kept, error: tail, isOutputCut: kept.isCut)
    }
}
