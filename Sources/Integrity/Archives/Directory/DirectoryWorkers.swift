import Backups
import Synchronization

/// Reads the data files of a directory archive on a few threads.
final class DirectoryWorkers: Sendable {
    private struct State {
        var next = 0
        var tally = ArchiveTally()
        var files: [DirectoryDigest.Line] = []
        /// What went wrong first, in the order of the tasks: the same whatever the threads do.
        var failure: (task: Int, error: any Error)?
    }

    private let directory: String
    private let tasks: [DirectoryTask]
    private let harvest: DefinitionHarvest
    private let meter: ContentMeter
    private let progress: ByteProgress
    private let cancellation: Cancellation
    private let state = Mutex(State())

    init(
        _ tasks: [DirectoryTask], in directory: String, _ harvest: DefinitionHarvest, _ meter: ContentMeter,
        _ progress: ByteProgress, _ cancellation: Cancellation
    ) {
        self.tasks = tasks
        self.harvest = harvest
        self.meter = meter
        self.directory = directory
        self.progress = progress
        self.cancellation = cancellation
    }

    /// - Throws: what the first task in their order that failed did.
    func run(threads: Int) throws -> (tally: ArchiveTally, files: [DirectoryDigest.Line]) {
        let count = max(1, min(threads, tasks.count))
        let others = try (1..<count).map { _ in try StageThread { self.work() } }
        work()
        for thread in others { thread.join() }
        return try state.withLock { state in
            if let failure = state.failure { throw failure.error }
            return (state.tally, state.files)
        }
    }

    private func work() {
        let data = EntryDataReader(harvest, meter)
        var files: [DirectoryDigest.Line] = []
        while let index = takeTask() {
            do {
                files.append(try read(tasks[index], data))
            } catch {
                fail(index, error)
            }
        }
        let tally = data.tally
        state.withLock { state in
            state.tally.add(tally)
            state.files += files
        }
    }

    /// Tasks before one that failed are still read: one of them may fail, too.
    private func takeTask() -> Int? {
        state.withLock { state in
            guard state.next < tasks.count, state.failure == nil else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    private func fail(_ task: Int, _ error: any Error) {
        state.withLock { state in
            if state.failure.map({ task < $0.task }) ?? true { state.failure = (task, error) }
        }
    }

    private func read(_ task: DirectoryTask, _ data: EntryDataReader) throws -> DirectoryDigest.Line {
        let file = try DirectoryFile("\(directory)/\(task.file)", task.compression, progress, cancellation)
        do {
            if let entry = task.entry {
                try data.readRows(of: entry, from: file.content) { file.hasChecksum }
            } else {
                try data.readLargeObject(from: file.content) { file.hasChecksum }
            }
        } catch let damage as ContentDamage {
            throw damage.inFile(task.file)
        }
        return DirectoryDigest.Line(name: task.file, facts: try file.finish())
    }
}
