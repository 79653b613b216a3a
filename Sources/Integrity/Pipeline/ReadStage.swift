internal import Backups

/// First stage: reads the stored bytes and digests them.
struct ReadStage: Sendable {
    let source: any StoredBytes
    let output: BufferRing
    let progress: any ProgressObserver
    let cancellation: Cancellation
    let outcome = Outcome<StoredFacts>()

    func run() {
        do {
            let facts = try read()
            outcome.set(.success(facts))
            output.finish()
        } catch {
            outcome.set(.failure(error))
            output.finish(error)
        }
    }

    private func read() throws -> StoredFacts {
        let reader = try source.makeReader(at: 0)
        let digest = try SHA256()
        var total: UInt64 = 0
        while true {
            try cancellation.check()
            let slot = try output.nextFree()
            // Whole buffers, whatever pieces the source comes in: fewer hand-overs.
            var filled = 0
            while filled < slot.buffer.count {
                let count = try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: slot.buffer[filled...]))
                if count == 0 { break }
                filled += count
            }
            if filled > 0 {
                try digest.update(UnsafeRawBufferPointer(rebasing: slot.buffer[..<filled]))
                total += UInt64(filled)
                output.publish(filled)
                progress.advance(.integrity, to: total)
            }
            if filled < slot.buffer.count { break }
        }
        let facts = StoredFacts(size: total, sha256: try digest.finish())
        return source.factsBeforeFilter ?? facts
    }
}
