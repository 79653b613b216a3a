import CLinux
import Glibc

/// A process that can be told from any other, also after its id was used again.
struct ProcessIdentity: Codable, Equatable, Sendable {
    let identifier: Int32
    /// Clock ticks from boot to its start: field 22 of `/proc/PID/stat`, see proc(5).
    let startTime: String
    let boot: String

    static var current: ProcessIdentity? { ProcessIdentity(of: getpid()) }

    /// - Returns: `nil` when there is no such process.
    init?(of identifier: Int32) {
        guard let status = ProcFile.text("/proc/\(identifier)/stat"),
            // The second field is the program's name in parentheses, which may hold spaces and parentheses itself.
            let end = status.lastIndex(of: ")")
        else { return nil }
        let fields = status[status.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let boot = ProcFile.text("/proc/sys/kernel/random/boot_id") else { return nil }
        self.identifier = identifier
        startTime = String(fields[19])
        self.boot = boot.trimmed
    }

    var isRunning: Bool { ProcessIdentity(of: identifier) == self }

    /// Sends `signal` if the process still is this one.
    func signal(_ signal: Int32) {
        let descriptor = restorable_pidfd_open(identifier)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // Checked after the descriptor was opened: it can't become another's any more.
        if isRunning { _ = restorable_pidfd_send_signal(descriptor, signal) }
    }

    /// Waits, at most ten seconds, until the process is gone.
    func waitForEnd() {
        let descriptor = restorable_pidfd_open(identifier)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        guard isRunning else { return }
        // A pidfd is readable when its process has ended (pidfd_open(2)).
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&waited, 1, 10_000)
    }
}
