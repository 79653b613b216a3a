import Backups
import Testing

@testable import Integrity

@Suite struct CheckpointedContentTests {
    private func content(_ bytes: [UInt8], _ compression: Compression) throws -> (CheckpointedContent, Int) {
        var consumer = RecordingConsumer()
        consumer.wantsCheckpoints = true
        let source = MemoryBytes(bytes)
        let result = try IntegrityPass(source: source, compression: compression, consumer: consumer).run()
        let content = CheckpointedContent(source: source, compression: compression, checkpoints: result.checkpoints)
        return (content, result.checkpoints.count)
    }

    private func read(_ content: CheckpointedContent, at offset: UInt64, limit: Int) throws -> [UInt8] {
        let reader = try content.open(at: offset)
        var buffer = [UInt8](repeating: 0, count: limit)
        let count = try buffer.withUnsafeMutableBytes { try reader.read(into: $0) }
        return Array(buffer.prefix(count))
    }

    @Test(arguments: [Compression.none, .gzip])
    func readsTheSameFromAnywhere(compression: Compression) throws {
        var random = Seeded(11)
        let text = random.text(5_000_000)
        // Members that begin and end anywhere, the last one long.
        var file = text
        if compression == .gzip {
            let cuts = [0, 1_000, 1_048_576, 2_000_000, text.count]
            file = zip(cuts, cuts.dropFirst()).flatMap { ZlibOracle.member(Array(text[$0..<$1]), level: 6) }
        }
        let (content, checkpoints) = try content(file, compression)
        #expect(content.isSeekable)
        #expect(checkpoints == (compression == .gzip ? 5 : 0))
        var offsets = [0, 1, 999, 1_000, 1_048_575, 1_048_576, 1_048_577, 2_097_152, 3_145_728, 4_999_999, 5_000_000]
        offsets += (0..<40).map { _ in Int.random(in: 0..<text.count, using: &random) }
        for offset in offsets {
            let piece = try read(content, at: UInt64(offset), limit: 200_000)
            #expect(piece == Array(text[offset..<min(offset + 200_000, text.count)]), "from \(offset)")
        }
    }

    @Test func readsToTheEndAndComparesTheChecksumThere() throws {
        var random = Seeded(12)
        let text = random.text(4_000_000)
        var file = ZlibOracle.member(text)
        let (intact, _) = try content(file, .gzip)
        let reader = try intact.open(at: 3_500_000)
        var buffer = [UInt8](repeating: 0, count: 1_000_000)
        #expect(try buffer.withUnsafeMutableBytes { try reader.read(into: $0) } == 500_000)

        var consumer = RecordingConsumer()
        consumer.wantsCheckpoints = true
        let source = MemoryBytes(file)
        let checkpoints = try IntegrityPass(source: source, compression: .gzip, consumer: consumer).run().checkpoints
        file[file.count - 8] ^= 1
        let damaged = CheckpointedContent(source: MemoryBytes(file), compression: .gzip, checkpoints: checkpoints)
        #expect(throws: ContentDamage.self) {
            let reader = try damaged.open(at: 3_500_000)
            _ = try buffer.withUnsafeMutableBytes { try reader.read(into: $0) }
        }
    }

    @Test func checkpointsAreThinnedEvenlyAndTheNewestStays() {
        var collector = CheckpointCollector(limit: 8)
        let snapshot = GzipSnapshot()
        for number in 0..<1000 {
            snapshot.storedOffset = UInt64(number)
            collector.keep(snapshot, at: UInt64(number) << 20)
        }
        let offsets = collector.checkpoints.map { $0.contentOffset >> 20 }
        #expect(offsets.count == 8)
        #expect(offsets.first == 0)
        #expect(offsets.last == 999)
        #expect(collector.checkpoints.map(\.storedOffset) == offsets)
        #expect(zip(offsets, offsets.dropFirst()).allSatisfy { $1 > $0 && $1 - $0 < 350 })
    }
}
