internal import Backups
internal import Glibc

/// Runs a filter, and reads what it writes. Its input and its standard error have a thread each.
final class FilterReader: ByteReader {
    private let running: any RunningFilter
    private let output: Int32
    private let feed: FilterFeed
    private let errors: FilterErrors
    private let wake: WakePipe
    private let cancellation: Cancellation
    private let token: UInt64
    private let whenDone: (StoredFacts) -> Void
    private var threads: [StageThread] = []
    private var isAtEnd = false

    init(
        _ command: String, _ source: any StoredBytes, _ launcher: any FilterLauncher, _ cancellation: Cancellation,
        whenDone: @escaping (StoredFacts) -> Void
    ) throws {
        let wake = try WakePipe()
        let input = try DescriptorPipe.make()
        let output = try DescriptorPipe.make()
        let errorPipe = try DescriptorPipe.make()
        errors = try FilterErrors(descriptor: errorPipe.read)
        do {
            running = try launcher.start(command, input: input.read, output: output.write, error: errorPipe.write)
        } catch {
            for descriptor in [input.write, output.read] { close(descriptor) }
            throw error
        }
        self.wake = wake
        self.output = output.read
        self.cancellation = cancellation
        self.whenDone = whenDone
        feed = FilterFeed(source: source, descriptor: input.write, wake: wake)
        token = cancellation.onCancel { [running] in
            running.terminate()
            wake.fire()
        }
        threads.append(try StageThread { [feed] in feed.run() })
        threads.append(try StageThread { [errors] in errors.run() })
    }

    deinit {
        if !isAtEnd {
            running.terminate()
            stop()
        }
        cancellation.removeHandler(token)
        close(output)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while !isAtEnd {
            try cancellation.check()
            guard try wake.wait(for: output, POLLIN) else { continue }
            let count = Glibc.read(output, buffer.baseAddress, buffer.count)
            if count > 0 { return count }
            if count == 0 {
                try finish()
            } else if errno != EINTR {
                throw SystemError.obstacle("read", "what the filter writes")
            }
        }
        return 0
    }

    private func finish() throws {
        let end = running.wait()
        isAtEnd = true
        errors.stop()
        for thread in threads { thread.join() }
        threads = []
        try cancellation.check()
        let fed = try feed.outcome.get()
        guard end == .exited(0) else { throw failure("ended with \(end)") }
        guard let fed, fed.wasTaken else { throw failure("ended before it had read everything") }
        whenDone(fed.facts)
    }

    private func stop() {
        wake.fire()
        errors.stop()
        for thread in threads { thread.join() }
        threads = []
    }

    private func failure(_ what: String) -> Obstacle {
        let said = errors.said
        return Obstacle(
            .filterFailed, said.isEmpty ? "the filter \(what)" : "the filter \(what): \(said)",
            hint: "run the filter by hand on the file: is it the right one, and has it the key it needs?")
    }
}
