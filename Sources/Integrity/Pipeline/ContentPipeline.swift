internal import Backups

/// Read and SHA-256 | inflate | consume, each on a thread of its own (the consumer on the caller's), joined by bounded
/// buffers: memory is the same whatever the size.
///
/// Of several faults the one nearest to the stored bytes is heard: what could not be read explains what could not be
/// inflated, and that what could not be understood. So damage found by the consumer is held back until the rest was
/// inflated without fault. Bytes are digested to their end even when they are damaged, see ``stored``.
final class ContentPipeline {
    private static let bufferSize = 1 << 20
    private static let storedBuffers = 4
    private static let contentBuffers = 5

    /// Size and digest of the stored bytes, also after a run threw ``ContentDamage``; `nil` when they were not read to
    /// their end.
    private(set) var stored: StoredFacts?

    private let source: any StoredBytes
    private let compression: Compression
    private let limits: IntegrityLimits
    private let progress: any ProgressObserver
    private let cancellation: Cancellation

    init(
        source: any StoredBytes, compression: Compression, limits: IntegrityLimits, progress: any ProgressObserver,
        cancellation: Cancellation
    ) {
        self.source = source
        self.compression = compression
        self.limits = limits
        self.progress = progress
        self.cancellation = cancellation
    }

    /// Runs it; once only. Blocking: never on the cooperative pool.
    ///
    /// - Parameter consume: takes the content to its end; with it, for gzip, the state that each of the ring's buffers
    ///   began with.
    /// - Returns: what `consume` did; the size and digest of the stored bytes; and, where they are compressed, what is
    ///   known of the members.
    func run<Value>(
        _ consume: (BufferRing, [GzipSnapshot]) throws -> Value
    ) throws -> (value: Value, stored: StoredFacts, members: MemberFacts?) {
        let storedRing = BufferRing(slots: Self.storedBuffers, slotSize: Self.bufferSize)
        let reading = ReadStage(source: source, output: storedRing, progress: progress, cancellation: cancellation)
        guard compression != .none else { return try run(reading, nil, storedRing, consume) }

        let content = BufferRing(slots: Self.contentBuffers, slotSize: Self.bufferSize)
        let snapshots = compression == .gzip ? (0..<content.slots).map { _ in GzipSnapshot() } : []
        let inflating = InflateStage(
            compression: compression, input: storedRing, output: content, limits: limits, snapshots: snapshots)
        return try run(reading, inflating, content, consume)
    }

    private func run<Value>(
        _ reading: ReadStage, _ inflating: InflateStage?, _ content: BufferRing,
        _ consume: (BufferRing, [GzipSnapshot]) throws -> Value
    ) throws -> (value: Value, stored: StoredFacts, members: MemberFacts?) {
        let rings = [reading.output, content]
        let token = cancellation.onCancel { [cancellation] in
            if let obstacle = cancellation.obstacle { for ring in rings { ring.abort(obstacle) } }
        }
        defer { cancellation.removeHandler(token) }

        var threads: [StageThread] = []
        let consumed = Result {
            threads.append(try StageThread { reading.run() })
            if let inflating { threads.append(try StageThread { inflating.run() }) }
            return try Self.heldBack(content) { try consume(content, inflating?.snapshots ?? []) }
        }
        if case .failure(let error) = consumed, !(error is ContentDamage) {
            for ring in rings { ring.abort(error) }
        }
        for thread in threads { thread.join() }

        // First what happened to the bytes: damage in a file that was changed while it was read is no damage.
        stored = try reading.outcome.get()
        let value = try consumed.get()
        guard let stored else { throw Obstacle(.internalError, "the stage that reads never ran") }
        return (value, stored, try inflating?.outcome.get())
    }

    /// Damage that the consumer finds waits for what the stages before it say.
    private static func heldBack<Value>(_ content: BufferRing, _ consume: () throws -> Value) throws -> Value {
        do {
            return try consume()
        } catch let damage as ContentDamage {
            content.discard()
            try content.waitForEnd()
            throw damage
        }
    }
}
