internal import Backups
import Synchronization

/// Holds the files of a plain base backup against its manifest, on a few threads, and copies them where that is asked for.
final class PlainBaseBackup: Sendable {
    /// What was read is still in the processor's own cache when it is summed.
    private static let bufferSize = 256 << 10

    private struct Task: Sendable {
        let path: DataPath
        /// Bytes.
        let size: UInt64
        /// `nil` for what is copied, and compared with nothing.
        let entry: BaseBackupManifest.File?
    }

    private struct State {
        var next = 0
        var failure: (any Error)?
    }

    private let source: any BaseBackupFiles
    private let copy: DataDirectoryCopy?
    private let ledger: BaseBackupLedger
    private let doubts: BaseBackupDoubts
    private let unproved: UnprovedFiles?
    /// The largest first, so that the threads end at about the same time.
    private let tasks: [Task]
    private let cancellation: Cancellation
    private let state = Mutex(State())

    /// Of all files that will be read.
    let bytes: UInt64
    var files: Int { tasks.count }

    /// - Parameter destination: an empty directory for a copy; `nil` when none is wanted.
    /// - Throws: ``Obstacle`` when a directory can't be made.
    init(
        _ source: any BaseBackupFiles, _ tree: BaseBackupTree, to destination: String?, _ ledger: BaseBackupLedger,
        _ doubts: BaseBackupDoubts, _ unproved: UnprovedFiles?, _ cancellation: Cancellation
    ) throws {
        self.source = source
        self.ledger = ledger
        self.doubts = doubts
        self.unproved = unproved
        self.cancellation = cancellation
        tree.flaws.forEach(ledger.note)
        copy = try destination.map { try DataDirectoryCopy(to: $0, directories: tree.directories) }
        let isCopied = destination != nil
        tasks =
            tree.files
            .compactMap { found in
                let entry = ledger.meet(found.path, size: found.size)
                let isWanted = entry != nil || isCopied && BaseBackupLedger.isIgnored(found.path)
                return isWanted ? Task(path: found.path, size: found.size, entry: entry) : nil
            }
            .sorted { $0.size > $1.size }
        bytes = tasks.reduce(0) { $0.addingSaturated($1.size) }
    }

    /// - Throws: ``Obstacle`` when a file can't be read, or written.
    func run(threads: Int, _ progress: ByteProgress) throws {
        let count = max(1, min(threads, tasks.count))
        let others = try (1..<count).map { _ in try StageThread { self.work(progress) } }
        work(progress)
        for thread in others { thread.join() }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    private func work(_ progress: ByteProgress) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bufferSize, alignment: 4096)
        defer { buffer.deallocate() }
        while let task = takeTask() {
            do {
                try read(task, buffer, progress)
            } catch {
                state.withLock { if $0.failure == nil { $0.failure = error } }
            }
        }
    }

    private func takeTask() -> Task? {
        state.withLock { state in
            guard state.next < tasks.count, state.failure == nil else { return nil }
            defer { state.next += 1 }
            return tasks[state.next]
        }
    }

    private func read(_ task: Task, _ buffer: UnsafeMutableRawBufferPointer, _ progress: ByteProgress) throws {
        let file = try source.read(task.path)
        let target = try copy?.makeFile(task.path)
        let algorithm = task.entry?.checksum?.algorithm
        var checksumming = try (algorithm ?? (unproved == nil ? nil : .crc32c)).map { try FileChecksumming($0) }
        var total: UInt64 = 0
        while true {
            try cancellation.check()
            let count = try file.read(into: buffer)
            if count == 0 { break }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            try checksumming?.update(bytes)
            try target?.write(bytes)
            total += UInt64(count)
            progress.advance(by: UInt64(count))
        }
        guard total == task.size else {
            throw Obstacle(
                .changedWhileReading, "\(task.path) was changed while it was read",
                hint: "verify the backup when whatever writes it is done")
        }
        let checksum = try checksumming?.finish()
        if algorithm == nil, let checksum { unproved?.note(task.path, checksum) }
        guard let entry = task.entry, algorithm != nil else { return }
        if !ledger.compare(entry, checksum), let checksum {
            doubts.add(try source.doubted(task.path, first: checksum))
        }
    }
}
