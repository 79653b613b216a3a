package import Backups

/// One pass over the bytes of a plain dump: read and SHA-256 | inflate | consumer, each on a thread of its own (the
/// consumer on the caller's), joined by bounded buffers: memory is the same whatever the size of the dump.
///
/// Where several stages fail, the one nearest to the bytes is heard: what could not be read explains what could not be
/// inflated, and that what could not be understood. So damage found by the consumer is held back until the rest was
/// inflated without fault. Bytes are digested to their end even when they are damaged, see ``stored``.
package final class IntegrityPass<Consumer: ContentConsumer> {
    private static var bufferSize: Int { 1 << 20 }
    private static var storedBuffers: Int { 4 }
    private static var contentBuffers: Int { 5 }

    /// The consumer with all it has seen.
    package private(set) var consumer: Consumer
    /// Size and digest of the stored bytes, also after ``run()`` threw ``ContentDamage``; `nil` when they were not read
    /// to their end.
    package private(set) var stored: StoredFacts?

    private let source: any StoredBytes
    private let compression: Compression
    private let limits: IntegrityLimits
    private let progress: any ProgressObserver
    private let cancellation: Cancellation

    package init(
        source: any StoredBytes, compression: Compression, consumer: Consumer,
        limits: IntegrityLimits = IntegrityLimits(), progress: any ProgressObserver = SilentProgress(),
        cancellation: Cancellation = Cancellation()
    ) {
        self.source = source
        self.compression = compression
        self.consumer = consumer
        self.limits = limits
        self.progress = progress
        self.cancellation = cancellation
    }

    /// Runs the pass; once only. Blocking: never on the cooperative pool.
    /// - Throws: ``ContentDamage`` when the bytes are not what their format says, or what the consumer wants; ``Obstacle``
    ///   when they could not be had, changed meanwhile, came to more than the limits, or the work was cancelled.
    package func run() throws -> PassResult {
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

    private func run(_ reading: ReadStage, _ inflating: InflateStage?, content: BufferRing) throws -> PassResult {
        let rings = [reading.output, content]
        let token = cancellation.onCancel { [cancellation] in
            if let obstacle = cancellation.obstacle { for ring in rings { ring.abort(obstacle) } }
        }
        defer { cancellation.removeHandler(token) }

        var threads: [StageThread] = []
        let consumed = Result {
            threads.append(try StageThread { reading.run() })
            if let inflating { threads.append(try StageThread { inflating.run() }) }
            return try consume(content, inflating?.snapshots ?? [])
        }
        if case .failure(let error) = consumed, !(error is ContentDamage) {
            for ring in rings { ring.abort(error) }
        }
        for thread in threads { thread.join() }

        // First what happened to the bytes: damage in a file that was changed while it was read is no damage.
        stored = try reading.outcome.get()
        let (contentBytes, checkpoints) = try consumed.get()
        guard let stored else { throw Obstacle(.internalError, "the stage that reads never ran") }
        let members = try inflating?.outcome.get() ?? MemberFacts(count: 0, allHaveChecksum: false)
        return PassResult(
            storedBytes: stored.size, contentBytes: contentBytes, sha256: stored.sha256, members: members.count,
            hasContentChecksum: members.allHaveChecksum, checkpoints: checkpoints)
    }

    private func consume(_ content: BufferRing, _ snapshots: [GzipSnapshot]) throws -> (UInt64, [Checkpoint]) {
        var collector = CheckpointCollector()
        var total: UInt64 = 0
        do {
            while let filled = try content.nextFilled() {
                total = filled.offset + UInt64(filled.bytes.count)
                // What was inflated was held against it before: this is for content that lies there as it is.
                guard total <= limits.maximumContentBytes else { throw limits.exceeded }
                let wantsCheckpoint = try consumer.consume(filled.bytes, at: filled.offset)
                if wantsCheckpoint, snapshots.indices.contains(filled.index) {
                    collector.keep(snapshots[filled.index], at: filled.offset)
                }
                content.release()
            }
            try consumer.finish()
        } catch let damage as ContentDamage {
            content.discard()
            try content.waitForEnd()
            throw damage
        }
        return (total, collector.checkpoints)
    }
}
