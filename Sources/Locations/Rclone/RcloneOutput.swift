import Backups
import Glibc
import Processes

/// What one rclone writes, as it comes. It ends with this object at the latest.
final class RcloneOutput {
    private let program: RcloneProgram
    private let child: ChildProcess
    private let output: Pipe
    private let said = SignalledOnce<[UInt8]>()
    private let cancellation: Cancellation
    private let token: UInt64
    private var buffer: [UInt8] = []
    private var position = 0

    init(_ program: RcloneProgram, _ arguments: [String], _ paths: [String], cancellation: Cancellation) throws {
        try cancellation.check()
        let output = try Pipe()
        let errors = try Pipe()
        let child = try ChildProcess.start(
            program.command(arguments, paths), output: .handedOver(output.takeWriteEnd()),
            error: .handedOver(errors.takeWriteEnd()))
        DetachedThread.start(named: "rclone stderr") { [said] in said.set(errors.readTail(limit: 16 << 10)) }
        (self.program, self.output, self.child, self.cancellation) = (program, output, child, cancellation)
        // Its end is the end of what we read, which wakes whoever reads.
        token = cancellation.onCancel { child.signal(SIGKILL) }
    }

    deinit {
        cancellation.removeHandler(token)
        child.signal(SIGKILL)
        _ = child.wait()
    }

    /// - Returns: 0 at the end, whatever it means.
    func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            let count = Glibc.read(output.readEnd, target.baseAddress, target.count)
            try cancellation.check()
            if count >= 0 { return count }
            guard errno == EINTR else {
                throw Obstacle(
                    .internalError, "the output of rclone can't be read: \(String(cString: strerror(errno)))")
            }
        }
    }

    /// Without its end; `nil` after the last.
    func nextLine() throws -> ArraySlice<UInt8>? {
        var searched = position
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { position = end + 1 }
                return buffer[position..<end]
            }
            buffer.removeFirst(position)
            (position, searched) = (0, buffer.count)
            guard buffer.count < 1 << 20 else {
                throw Obstacle(.connectionFailed, "a line of rclone's listing has no end")
            }
            var piece = [UInt8](repeating: 0, count: 64 << 10)
            let count = try piece.withUnsafeMutableBytes { try read(into: $0) }
            guard count > 0 else {
                guard !buffer.isEmpty else { return nil }
                defer { position = buffer.count }
                return buffer[...]
            }
            buffer += piece[..<count]
        }
    }

    /// After the end of the output.
    /// - Throws: ``Obstacle`` unless all is well.
    func finish(_ subject: String) throws {
        let end = child.wait()
        try cancellation.check()
        guard end != .exited(0) else { return }
        throw program.obstacle(end, String(decoding: said.wait(for: .seconds(2)) ?? [], as: UTF8.self), subject)
    }
}
