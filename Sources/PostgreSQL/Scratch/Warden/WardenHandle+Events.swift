import Backups
import FoundationEssentials
import Processes

extension WardenHandle {
    /// Takes one line of the warden.
    func hear(_ line: [UInt8], cancellation: Cancellation) {
        guard let event = try? JSONDecoder().decode(WardenEvent.self, from: Data(line)) else { return }
        switch event {
        case .ready, .claimed:
            started.set(.success(.ready))
        case .templateDamaged:
            started.set(.success(.templateDamaged))
        case .recovered, .recoveryEnded, .shutDown:
            answers.append(event)
        case .kept:
            kept.set(true)
        case .serverEnded(let end, let log):
            fail(Self.serverEnded(end, log), cancellation)
        case .obstacle(let reason, let message, let hint):
            fail(Obstacle(Reason(rawValue: reason), message, hint: hint), cancellation)
        }
    }

    /// The warden is gone. Unless we ended it, so is the server.
    func hearEnd(cancellation: Cancellation) {
        if case .success(.templateDamaged) = started.current { return }
        fail(
            Obstacle(.serverFailed, "the process that watches the scratch server was ended from outside"), cancellation)
    }

    private func fail(_ obstacle: Obstacle, _ cancellation: Cancellation) {
        let wasRunning = started.current != nil
        started.set(.failure(obstacle))
        if wasRunning, isStopping.current == nil { cancellation.cancel(obstacle) }
        ended.set(obstacle)
        answers.append(.obstacle(obstacle))
    }

    /// Why the server ended by itself; `nil` when it still seems to run two seconds after a connection was lost.
    func reasonOfEnd() -> Obstacle? { ended.wait(for: .seconds(2)) }

    static func serverEnded(_ end: String, _ log: String) -> Obstacle {
        let told = telling(log)
        let end = log.contains(killedInNamespace) ? "killed" : end
        let why = told.isEmpty ? "" : ": \(told)"
        if log.contains("No space left on device") {
            return Obstacle(
                .diskFull, "the scratch server ended because its disk is full\(why)",
                hint: "free space there, or \(DirectoryTree.otherPlace)")
        }
        if log.contains("could not access file") || log.contains("could not load library") {
            return Obstacle(
                .extensionMissing, "the scratch server could not load a library\(why)",
                hint: "install the library that --preload names")
        }
        return Obstacle(
            .serverFailed, "the scratch server ended by itself (\(end))\(why)",
            hint:
                "look for the out-of-memory killer in the kernel's log (dmesg), and give scratch less memory (--memory); or "
                + "for code in the dump that ends the server")
    }

    /// What `unshare` says when its child, the server, was killed: it fails to end the same way (util-linux 2.38,
    /// sys-utils/unshare.c), and its exit status hides the signal.
    private static let killedInNamespace = "unshare: sigprocmask unblock failed"

    /// The last lines of a server's log that say why it ended, in one line; empty when it did not come to say anything.
    private static func telling(_ log: String) -> String {
        let lines = log.split(separator: "\n")
        let reasons = lines.filter { line in
            ["FATAL:", "PANIC:", "ERROR:", "was terminated by", "shutdown request"].contains { line.contains($0) }
        }
        // Without any of them what is no report of the server's own: the loader's, or that of what should have started it.
        let others = lines.filter { line in
            !["LOG:", "HINT:", "DETAIL:", killedInNamespace].contains { line.contains($0) }
        }
        return (reasons.isEmpty ? others : reasons).suffix(4).map(withoutPrefix).joined(separator: "; ")
    }

    /// A line without the time and process before it (`log_line_prefix` is PostgreSQL's default, `%m [%p] `).
    private static func withoutPrefix(_ line: Substring) -> Substring {
        guard let prefix = line.prefixMatch(of: #/[0-9-]+ [0-9:.]+ \w+ \[[0-9]+\] /#) else { return line }
        return line[prefix.range.upperBound...]
    }
}

extension WardenEvent {
    static func obstacle(_ obstacle: Obstacle) -> WardenEvent {
        .obstacle(reason: obstacle.reason.rawValue, message: obstacle.message, hint: obstacle.hint)
    }
}
