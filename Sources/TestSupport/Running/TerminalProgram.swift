import Glibc

/// A program that runs on a terminal of its own, and what it writes there. For one thread.
package final class TerminalProgram {
    // TIOCSPTLCK and TIOCGPTN of <asm-generic/ioctls.h> (see ioctl_tty(2)), which Swift does not import.
    private static let setLock: UInt = 0x4004_5431
    private static let getName: UInt = 0x8004_5430

    private let process: SpawnedProcess
    private let master: Descriptor
    private var bytes: [UInt8] = []
    private var isAtEnd = false

    /// - Parameter environment: all of it.
    package init(
        _ executable: String, _ arguments: [String], environment: [String: String], columns: UInt16
    ) throws {
        master = try Descriptor.open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var (unlocked, name) = (Int32(0), Int32(0))
        var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        guard ioctl(master.number, Self.setLock, &unlocked) == 0, ioctl(master.number, Self.getName, &name) == 0,
            ioctl(master.number, UInt(TIOCSWINSZ), &size) == 0
        else { throw TestFailure("a pseudo terminal: \(String(cString: strerror(errno)))") }
        // Ours goes at the return, so that the end of the program is the end of the terminal.
        let terminal = try Descriptor.open("/dev/pts/\(name)", O_RDWR | O_NOCTTY)
        process = try SpawnedProcess(
            executable, arguments, environment: Tool.withCoverage(environment), input: terminal, output: terminal,
            error: terminal)
    }

    /// All that was written so far.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Reads on until what was written is as wanted.
    /// - Throws: ``TestFailure`` when the program ends before, or it takes longer than two minutes.
    package func read(until isWanted: (String) -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while !isWanted(text) {
            guard !isAtEnd, ContinuousClock.now < deadline else { throw TestFailure("the terminal shows:\n\(text)") }
            readSome()
        }
    }

    /// Reads to the end.
    /// - Returns: the exit status.
    package func finish() -> Int32 {
        while !isAtEnd { readSome() }
        return process.wait()
    }

    /// For a program that is not to come to its end.
    package func kill() {
        Glibc.kill(process.identifier, SIGKILL)
        _ = finish()
    }

    private func readSome() {
        var polled = pollfd(fd: master.number, events: Int16(POLLIN), revents: 0)
        guard poll(&polled, 1, 1000) > 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(master.number, &buffer, buffer.count)
        // EIO: nobody has the terminal open any more.
        if count > 0 { bytes += buffer[..<count] } else if errno != EINTR { isAtEnd = true }
    }
}
