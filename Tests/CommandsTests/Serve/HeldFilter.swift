import Glibc
import TestSupport

/// A filter that hands a backup on and does not end before it is let go: the verification is under way until then.
struct HeldFilter {
    private let gate: String
    private let open: String

    init(in directory: TemporaryDirectory) throws {
        gate = directory.file("gate")
        open = directory.file("open")
        guard mkfifo(gate, 0o666) == 0 else { throw TestFailure("\(gate): \(String(cString: strerror(errno)))") }
    }

    /// For `filter:` of the configuration.
    var yaml: String { "[sh, -c, \"cat; test -e \(open) || cat \(gate)\"]" }

    /// Lets the one go that waits, and all that come later.
    func letGo() throws {
        try TestFile.write([], to: open)
        try DaemonProcess.eventually("the filter waits") {
            // Without anybody who reads it can't be opened.
            let descriptor = Glibc.open(gate, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
            guard descriptor >= 0 else { return false }
            return close(descriptor) == 0
        }
    }
}
