package import Backups
import Glibc

extension ChildProcess {
    /// As ``run(_:input:limit:grace:cancellation:onError:)``, with all that the child starts: what of it is left when the child has
    /// ended, or was cancelled, is ended; all of it with SIGKILL when this process ends, however it ends.
    ///
    /// The child leads a session and a group of its own. Only what makes itself another one gets away. One that a signal ended is
    /// told as a shell does: with 128 and the signal's number as its exit status.
    package static func runGroup(
        _ command: Command, limit: Int = 1 << 20, grace: Duration = .seconds(2), cancellation: Cancellation
    ) throws -> ProcessResult {
        try cancellation.check()
        guard access(command.executable, X_OK) == 0 else {
            throw Obstacle(.toolMissing, "\(command.executable) can't be run: \(String(cString: strerror(errno)))")
        }
        guard let setsid = Command.systemProgram("setsid") else {
            throw Obstacle(
                .toolMissing, "setsid, which starts \(command.name) in a session of its own, is not installed",
                hint: "apt-get install util-linux")
        }
        var guarded = command
        guarded.executable = "/bin/sh"
        guarded.arguments = ["-c", Self.guardian, "sh", setsid, command.executable] + command.arguments
        guarded.hasOwnSession = true
        // Its other end is held open by us alone.
        let lifeline = try Pipe()
        let (output, error) = (try Pipe(), try Pipe())
        let child = try start(
            guarded, input: .descriptor(lifeline.readEnd), output: .handedOver(output.takeWriteEnd()),
            error: .handedOver(error.takeWriteEnd()))
        lifeline.closeReadEnd()
        let token = cancellation.onCancel {
            DetachedThread.start(named: "end group") {
                child.signal(SIGTERM)
                if child.wait(for: grace) == nil { lifeline.closeWriteEnd() }
            }
        }
        defer { cancellation.removeHandler(token) }
        let outputBytes = SignalledOnce<(kept: [UInt8], isCut: Bool)>()
        let errorBytes = SignalledOnce<[UInt8]>()
        DetachedThread.start(named: "group stdout") { outputBytes.set(output.readHead(limit: limit)) }
        DetachedThread.start(named: "group stderr") { errorBytes.set(error.readTail(limit: limit)) }
        let end = child.wait()
        // What got away may hold the pipes open: what has come within the grace is all there will be.
        let kept = outputBytes.wait(for: grace) ?? (kept: [], isCut: true)
        let tail = errorBytes.wait(for: grace) ?? []
        try cancellation.check()
        return ProcessResult(end: end, output: kept.kept, error: tail, isOutputCut: kept.isCut)
    }

    /// Stands between us and the program: it passes SIGTERM on to all of the program's group, ends what the program leaves behind,
    /// and, through a process that waits for the end of the lifeline, everything when we are gone. A shell, for it starts in a
    /// millisecond, and there is one for each segment.
    private static let guardian = """
        exec 3<&0 </dev/null
        program= ended=
        trap 'ended=1; [ -z "$program" ] || kill -TERM "-$program"' TERM
        "$@" 3<&- &
        program=$!
        { read -r nothing <&3; kill -KILL "-$program" "$program"; } >/dev/null 2>&1 &
        reader=$!
        [ -z "$ended" ] || kill -TERM "-$program"
        while wait "$program"; status=$?; kill -0 "$program" 2>/dev/null; do :; done
        kill -KILL "-$program" 2>/dev/null
        kill -KILL "$reader" 2>/dev/null
        wait "$reader" 2>/dev/null
        exit "$status"
        """
}
