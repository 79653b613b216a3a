import Backups
import FoundationEssentials
import Processes

extension WardenHandle {
    /// Takes one line of the warden.
    func hear(_ line: [UInt8], cancellation: Cancellation) {
        guard let event = try? JSONDecoder().decode(WardenEvent.self, from: Data(line)) else { return }
        switch event {
        case .ready:
            started.set(.success(.ready))
        case .templateDamaged:
            started.set(.success(.templateDamaged))
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
    }

    /// Why the server ended by itself; `nil` when it still seems to run two seconds after a connection was lost.
    func reasonOfEnd() -> Obstacle? { ended.wait(for: .seconds(2)) }

    private static func serverEnded(_ end: String, _ log: String) -> Obstacle {
        // What it says when it starts and stops is no reason; without any other line, all there is.
        let all = log.split(separator: "\n")
        let telling = all.filter { line in
            ["FATAL:", "PANIC:", "ERROR:", "was terminated by"].contains { line.contains($0) }
        }
        let lines = (telling.isEmpty ? all : telling).suffix(4).joined(separator: "\n")
        if log.contains("No space left on device") {
            return Obstacle(
                .diskFull, "the scratch server ended because its disk is full: \(lines)",
                hint: "free space there, or choose another place with --scratch-directory")
        }
        if log.contains("could not access file") || log.contains("could not load library") {
            return Obstacle(
                .extensionMissing, "the scratch server could not load a library: \(lines)",
                hint: "install the library that --preload names")
        }
        return Obstacle(
            .serverFailed, "the scratch server ended by itself (\(end)): \(lines)",
            hint:
                "look for the out-of-memory killer in the kernel's log, and give scratch less memory; or for code in the "
                + "dump that ends the server")
    }
}
