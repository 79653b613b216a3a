package import Backups

/// One pass over a custom or tar archive: read and SHA-256 | inflate, where the archive was compressed as a whole |
/// walk, each on a thread of its own (the walk on the caller's), joined by bounded buffers.
///
/// As in ``IntegrityPass``, of several faults the one nearest to the stored bytes is heard, and the bytes are digested
/// to their end even when they are damaged.
package final class ArchivePass {
    private static let bufferSize = 1 << 20
    private static let storedBuffers = 4
    private static let contentBuffers = 5

    /// Size and digest of the stored bytes, also after ``run()`` threw ``ContentDamage``; `nil` when they were not read
    /// to their end.
    package private(set) var stored: StoredFacts?

    private let source: any StoredBytes
    private let format: BackupFormat
    private let compression: Compression
    private let limits: IntegrityLimits
    private let progress: any ProgressObserver
    private let cancellation: Cancellation

    /// - Parameters:
    ///   - format: `custom` or `tar`.
    ///   - compression: of the archive as a whole; `none` for one as pg_dump writes it.
    package init(
        source: any StoredBytes, format: BackupFormat, compression: Compression = .none,
        limits: IntegrityLimits = IntegrityLimits(), progress: any ProgressObserver = SilentProgress(),
        cancellation: Cancellation = Cancellation()
    ) {
        self.source = source
        self.format = format
        self.compression = compression
        self.limits = limits
        self.progress = progress
        self.cancellation = cancellation
    }

    /// Runs the pass; once only. Blocking: never on the cooperative pool.
    /// - Throws: ``ContentDamage`` where the archive is at fault, ``Obstacle`` where it could not be read.
    package func run() throws -> ArchiveResult {
        progress.begin(.integrity, total: source.size, unit: .bytes)
        defer { progress.end(.integrity) }
        let storedRing = BufferRing(slots: Self.storedBuffers, slotSize: Self.bufferSize)
        let reading = ReadStage(source: source, output: storedRing, progress: progress, cancellation: cancellation)
        guard compression != .none else { return try run(reading, nil, content: storedRing) }

        let contentRing = BufferRing(slots: Self.contentBuffers, slotSize: Self.bufferSize)
        let snapshots = compression == .gzip ? (0..<contentRing.slots).map { _ in GzipSnapshot() } : []
        let inflating = InflateStage(
            compression: compression, input: storedRing, output: contentRing, limits: limits, snapshots: snapshots)
        return try run(reading, inflating, content: contentRing)
    }

    private func run(_ reading: ReadStage, _ inflating: InflateStage?, content: BufferRing) throws -> ArchiveResult {
        let rings = [reading.output, content]
        let token = cancellation.onCancel { [cancellation] in
            if let obstacle = cancellation.obstacle { for ring in rings { ring.abort(obstacle) } }
        }
        defer { cancellation.removeHandler(token) }

        var threads: [StageThread] = []
        let walked = Result {
            threads.append(try StageThread { reading.run() })
            if let inflating { threads.append(try StageThread { inflating.run() }) }
            return try walk(content)
        }
        if case .failure(let error) = walked, !(error is ContentDamage) {
            for ring in rings { ring.abort(error) }
        }
        for thread in threads { thread.join() }

        // First what happened to the bytes: damage in a file that was changed while it was read is no damage.
        stored = try reading.outcome.get()
        let (toc, tally) = try walked.get()
        guard let stored else { throw Obstacle(.internalError, "the stage that reads never ran") }
        let members = try inflating?.outcome.get()
        return ArchiveResult(
            file: toc, tally, format, stored,
            isCoveredByChecksum: members.map { $0.allHaveChecksum && $0.count == 1 } ?? false)
    }

    private func walk(_ content: BufferRing) throws -> (toc: ArchiveTOC, tally: ArchiveTally) {
        let input = ArchiveInput(
            RingReader(content), name: source.name, size: compression == .none ? source.size : nil,
            cancellation: cancellation)
        do {
            switch format {
            case .custom: return try CustomArchive.read(input, limits)
            case .tar: return try TarArchive.read(input, limits)
            case .directory, .plain, .plainAll:
                throw Obstacle(.internalError, "\(source.name) is read as an archive in one file, and is \(format)")
            }
        } catch let damage as ContentDamage {
            content.discard()
            try content.waitForEnd()
            throw damage
        }
    }
}
