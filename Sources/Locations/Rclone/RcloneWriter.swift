import Backups
import Glibc
import Processes

/// Writes with `rclone rcat` under a hidden name, and gives it its own when it is whole.
final class RcloneWriter: ObjectWriter {
    private let location: RcloneLocation
    private let path: String
    private let partial: String
    private let child: ChildProcess
    private let said = SignalledOnce<[UInt8]>()
    private let cancellation: Cancellation
    private let token: UInt64
    private var input: Int32
    private var isOver = false

    init(location: RcloneLocation, path: String, cancellation: Cancellation) throws {
        partial = Self.partial(of: path)
        let input = try Pipe()
        let errors = try Pipe()
        let child = try ChildProcess.start(
            location.program.command(["rcat"], [location.place(partial)]), input: .descriptor(input.readEnd),
            error: .handedOver(errors.takeWriteEnd()))
        input.closeReadEnd()
        self.input = input.takeWriteEnd()
        DetachedThread.start(named: "rclone stderr") { [said] in said.set(errors.readTail(limit: 16 << 10)) }
        (self.location, self.path, self.child, self.cancellation) = (location, path, child, cancellation)
        token = cancellation.onCancel { child.signal(SIGKILL) }
    }

    deinit {
        abandon()
        cancellation.removeHandler(token)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while let base = rest.baseAddress, rest.count > 0 {
            let count = Self.write(input, base, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                try cancellation.check()
                throw failure(child.wait())
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    func finish() throws {
        guard !isOver else { return }
        closeInput()
        let end = child.wait()
        try cancellation.check()
        guard end == .exited(0) else { throw failure(end) }
        // Also over one that looks the same by size and time.
        let moved = try location.program.run(
            ["moveto", "--ignore-times"], [location.place(partial), location.place(path)], cancellation: cancellation)
        guard moved.isSuccess else {
            throw location.program.obstacle(moved.end, moved.errorText, "\(location.address)/\(path)")
        }
        isOver = true
    }

    func abandon() {
        guard !isOver else { return }
        isOver = true
        // Killed before it sees the end of its input, which it would take for the end of the file.
        child.signal(SIGKILL)
        _ = child.wait()
        closeInput()
        // Also when the work was cancelled. What can't be removed has a hidden name, which nobody takes for a backup.
        _ = try? location.program.run(["deletefile"], [location.place(partial)], cancellation: nil)
    }

    private static let marker = ".partial-"

    private static func partial(of path: String) -> String {
        let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let suffix = String(UInt64.random(in: .min ... .max), radix: 16)
        return "\(path[..<slash]).\(path[slash...])\(marker)\(suffix)"
    }

    /// The path that a file of this name is written for; `nil` for a name of another kind.
    static func path(ofPartial partial: String) -> String? {
        let slash = partial.lastIndex(of: "/").map { partial.index(after: $0) } ?? partial.startIndex
        let name = partial[slash...]
        guard name.hasPrefix("."), let end = name.ranges(of: marker).last else { return nil }
        let (path, suffix) = (name[..<end.lowerBound].dropFirst(), name[end.upperBound...])
        guard !path.isEmpty, (1...16).contains(suffix.utf8.count), suffix.allSatisfy(\.isHexDigit) else { return nil }
        return String(partial[..<slash] + path)
    }

    private func closeInput() {
        guard input >= 0 else { return }
        close(input)
        input = -1
    }

    private func failure(_ end: ProcessEnd) -> Obstacle {
        let text = String(decoding: said.wait(for: .seconds(2)) ?? [], as: UTF8.self)
        return location.program.obstacle(end, text, "\(location.address)/\(path)")
    }

    /// rclone that is gone is an error of write, and not the end of us: the signal is blocked on this thread, and taken
    /// away.
    private static func write(_ descriptor: Int32, _ base: UnsafeRawPointer, _ count: Int) -> Int {
        var signals = sigset_t()
        var before = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, &before)
        let written = Glibc.write(descriptor, base, count)
        let code = errno
        if written < 0, code == EPIPE {
            var none = timespec()
            sigtimedwait(&signals, nil, &none)
        }
        pthread_sigmask(SIG_SETMASK, &before, nil)
        errno = code
        return written
    }
}
