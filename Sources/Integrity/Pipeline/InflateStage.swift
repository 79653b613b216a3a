internal import Backups

/// Second stage: makes content of compressed bytes, and keeps for every buffer the state it began with.
struct InflateStage: Sendable {
    let compression: Compression
    let input: BufferRing
    let output: BufferRing
    let limits: IntegrityLimits
    /// One for each slot of `output`; only used with gzip.
    let snapshots: [GzipSnapshot]
    let outcome = Outcome<MemberFacts>()

    func run() {
        do {
            let members = try inflate()
            outcome.set(.success(members))
            output.finish()
        } catch {
            outcome.set(.failure(error))
            // Damage does not keep the stored bytes from being digested to their end.
            if error is ContentDamage { input.discard() } else { input.abort(error) }
            output.finish(error)
        }
    }

    private func inflate() throws -> MemberFacts {
        let decoder = try compression.makeDecoder(RingSource(input))
        let gzip = decoder as? GzipDecoder
        var total: UInt64 = 0
        while true {
            let slot = try output.nextFree()
            gzip?.save(to: snapshots[slot.index])
            let count = try decoder.decode(into: slot.buffer)
            total += UInt64(count)
            guard total <= limits.maximumContentBytes else { throw limits.exceeded }
            if count > 0 { output.publish(count) }
            if count < slot.buffer.count { return decoder.members }
        }
    }
}
