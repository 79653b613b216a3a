package import Backups

/// One pass over the bytes of a plain dump: ``ContentPipeline`` with a consumer that scans. Bytes are digested to their end
/// even when they are damaged, see ``stored``.
package final class IntegrityPass<Consumer: ContentConsumer> {
    /// The consumer with all it has seen.
    package private(set) var consumer: Consumer
    /// Size and digest of the stored bytes, also after ``run()`` threw ``ContentDamage``; `nil` when they were not read
    /// to their end.
    package var stored: StoredFacts? { pipeline.stored }

    private let size: UInt64?
    private let limits: IntegrityLimits
    private let progress: any ProgressObserver
    private let pipeline: ContentPipeline

    package init(
        source: any StoredBytes, compression: Compression, consumer: Consumer,
        limits: IntegrityLimits = IntegrityLimits(), progress: any ProgressObserver = SilentProgress(),
        cancellation: Cancellation = Cancellation()
    ) {
        self.consumer = consumer
        self.progress = progress
        self.limits = limits
        size = source.size
        pipeline = ContentPipeline(
            source: source, compression: compression, limits: limits, progress: progress, cancellation: cancellation)
    }

    /// Runs the pass; once only. Blocking: never on the cooperative pool.
    /// - Throws: ``ContentDamage`` when the bytes are not what their format says, or what the consumer wants; ``Obstacle``
    ///   when they could not be had, changed meanwhile, came to more than the limits, or the work was cancelled.
    package func run() throws -> PassResult {
        progress.begin(.integrity, total: size, unit: .bytes)
        defer { progress.end(.integrity) }
        let ((contentBytes, checkpoints), stored, members) = try pipeline.run { try consume($0, $1) }
        return PassResult(
            storedBytes: stored.size, contentBytes: contentBytes, sha256: stored.sha256, members: members?.count ?? 0,
            hasContentChecksum: members?.allHaveChecksum ?? false, checkpoints: checkpoints)
    }

    private func consume(_ content: BufferRing, _ snapshots: [GzipSnapshot]) throws -> (UInt64, [Checkpoint]) {
        var collector = CheckpointCollector()
        var total: UInt64 = 0
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
        return (total, collector.checkpoints)
    }
}
