import Backups
import Glibc
import Integrity
import Processes

/// Runs pg_restore over one archive.
struct RestoreTool {
    let program: String
    let source: ArchiveSource
    let user: ProcessUser?
    let cancellation: Cancellation

    /// Runs it to its end.
    /// - Parameter sieve: takes what it says.
    func run(_ arguments: [String], _ sieve: MessageSieve) throws -> ProcessEnd {
        switch source {
        case .path(let path):
            return try ChildProcess.run(
                command(arguments + [path]), cancellation: cancellation, onError: { sieve.take($0) }
            ).end
        case .content(let content):
            let pipe = try Pipe()
            let feed = ContentFeed(content, to: pipe.takeWriteEnd()) { _ in }
            let result = try ChildProcess.run(
                command(arguments), input: .descriptor(pipe.readEnd), cancellation: cancellation,
                onError: { sieve.take($0) })
            pipe.closeReadEnd()
            try feed.finish()
            return result.end
        }
    }

    /// The archive, or a part of it, as SQL.
    func readSQL<Value>(_ arguments: [String], _ body: (any ByteReader) throws -> Value) throws -> Value {
        let output = try Pipe()
        let input = try Pipe()
        var feed: ContentFeed?
        var full = arguments + ["-f", "-"]
        var stream = ChildStream.none
        switch source {
        case .path(let path): full.append(path)
        case .content(let content):
            feed = ContentFeed(content, to: input.takeWriteEnd()) { _ in }
            stream = .descriptor(input.readEnd)
        }
        let child = try ChildProcess.start(
            command(full), input: stream, output: .handedOver(output.takeWriteEnd()))
        let token = cancellation.onCancel { child.signal(SIGKILL) }
        defer { cancellation.removeHandler(token) }
        do {
            let value = try body(PipeReader(output))
            output.closeReadEnd()
            _ = child.wait()
            input.closeReadEnd()
            try feed?.finish()
            return value
        } catch {
            child.signal(SIGKILL)
            _ = child.wait()
            input.closeReadEnd()
            throw error
        }
    }

    private func command(_ arguments: [String]) -> Command {
        Command(program, arguments, user: user, parentDeathSignal: .kill)
    }
}
